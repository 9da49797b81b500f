package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.TestRequest.Counts;
import run.clawcloud.block.api.Names;

/** {@code --request-namespaces}: whose BlockRequests count. With {@code -Dkubeconfig=FILE} on a real cluster. */
class RequestNamespacesTest {

    private static final String TEAM = "flow.example.com/team";

    private final String team = TestCluster.uniqueName();

    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = TestCluster.openWithRequests();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private BlockController start(String allowed) throws Exception {
        return TestController.start(cluster, "--request-namespaces=" + allowed);
    }

    private static String refusal(String allowed) {
        return "False NotAllowed: it is ignored: BlockRequests count in the namespaces " + allowed
                + " only (--request-namespaces)";
    }

    @Test
    void aRequestElsewhereLocksNothingSaysWhyAndCanBeDeletedAtAnyTime() throws Exception {
        Tenant named = cluster.tenant();
        Tenant selected = cluster.tenant(Map.of(TEAM, team));
        TestRequest refused = cluster.request(TestSpec.locked().names(named).label(TEAM, team));
        Tenant platform = cluster.tenant();
        Tenant other = cluster.tenant();
        TestRequest allowed = cluster.requestIn(platform, TestSpec.locked().names(other));
        try (BlockController controller = start(platform.name() + ",elsewhere")) {
            String allowedNames = platform.name().compareTo("elsewhere") < 0
                    ? platform.name() + ", elsewhere"
                    : "elsewhere, " + platform.name();
            Eventually.equal(refusal(allowedNames), refused::ready);
            allowed.awaitApplied();
            Eventually.holds(controller::idle);
            assertThat(refused.counts()).isEqualTo(new Counts(0, 0, 0, 0));
            assertThat(refused.get().at("/metadata/finalizers").isEmpty()).isTrue();
            assertThat(named.label(Names.STATUS_LABEL)).isNull();
            assertThat(selected.label(Names.STATUS_LABEL)).isNull();
            assertThat(other.annotation(Names.HELD_BY)).isEqualTo(allowed.key());
        }
        refused.delete();
        refused.awaitGone();
    }

    @Test
    void whatARequestHeldBeforeTheFlagWasNarrowedIsReleasedAndHeldAgainWhenItIsWidened() throws Exception {
        Tenant alone = cluster.tenant();
        alone.deployment("web", 2);
        Tenant shared = cluster.tenant();
        TestRequest narrowed = cluster.request(TestSpec.locked().names(alone, shared));
        Tenant platform = cluster.tenant();
        TestRequest allowed = cluster.requestIn(platform, TestSpec.locked().names(shared));
        try (BlockController _ = TestController.start(cluster)) {
            narrowed.awaitApplied();
            allowed.awaitApplied();
        }
        try (BlockController _ = start(platform.name())) {
            Eventually.equal(refusal(platform.name()), narrowed::ready);
            alone.awaitUnlocked();
            assertThat(alone.label(Names.STATUS_LABEL)).isEqualTo("active");
            assertThat(alone.replicas("apis/apps/v1/%s/deployments", "web")).isEqualTo(2);
            Eventually.equal(allowed.key(), () -> shared.annotation(Names.HELD_BY));
            assertThat(shared.label(Names.APPLIED_LABEL)).isEqualTo("locked");
            assertThat(narrowed.get().at("/metadata/finalizers").isEmpty()).isTrue();
        }
        try (BlockController _ = TestController.start(cluster)) {
            narrowed.awaitApplied();
            alone.awaitLocked();
        }
    }

    /** It stays as it was left, with the finalizer, until a controller comes that does not count it any more. */
    @Test
    void aRequestThatWasDeletedBeforeTheFlagWasNarrowedGoes() throws Exception {
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        try (BlockController _ = TestController.start(cluster)) {
            request.awaitApplied();
        }
        request.delete();
        assertThat(request.exists()).isTrue();
        try (BlockController _ = start("elsewhere")) {
            request.awaitGone();
            tenant.awaitUnlocked();
        }
    }

    /** A request that opens acts once: neither again after it was refused, nor never because of that. */
    @Test
    void aRequestThatOpensActsOnceWhetherItWasRefusedInBetweenOrAtFirst() throws Exception {
        Tenant opened = cluster.tenant();
        opened.status("locked");
        TestRequest done = cluster.request(TestSpec.active().names(opened));
        try (BlockController _ = TestController.start(cluster)) {
            done.awaitApplied();
        }
        opened.status("locked");
        Tenant locked = cluster.tenant();
        locked.status("locked");
        TestRequest waits = cluster.request(TestSpec.active().names(locked));
        try (BlockController _ = start("elsewhere")) {
            Eventually.equal(refusal("elsewhere"), waits::ready);
            locked.awaitLocked();
            opened.awaitLocked();
        }
        assertThat(done.ready()).startsWith("True Applied: ");
        try (BlockController controller = TestController.start(cluster)) {
            waits.awaitApplied();
            locked.awaitUnlocked();
            Eventually.holds(controller::idle);
            assertThat(opened.label(Names.STATUS_LABEL)).isEqualTo("locked");
        }
    }
}
