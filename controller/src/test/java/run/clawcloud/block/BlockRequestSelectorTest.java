package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.TestRequest.Counts;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.http.RequestCounters;

/** BlockRequests that select namespaces by their labels. With {@code -Dkubeconfig=FILE} on a real cluster. */
class BlockRequestSelectorTest {

    private static final String TEAM = "flow.example.com/team";
    private static final String PLAN = "flow.example.com/plan";

    /**
     * A list of the namespaces with the label, one of those left over, and one object to see where the watch begins.
     */
    private static final int NARROW_LISTS = 3;

    /** A list of all namespaces, and one object again. */
    private static final int WIDE_LISTS = 2;

    private final String team = TestCluster.uniqueName();

    private TestCluster cluster;
    private BlockController controller;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.openWithRequests();
        controller = TestController.start(cluster);
    }

    @AfterEach
    void stop() {
        controller.close();
        cluster.close();
    }

    private Tenant member() {
        return cluster.tenant(Map.of(TEAM, team));
    }

    private TestRequest request() {
        return cluster.request(TestSpec.locked().label(TEAM, team));
    }

    @Test
    void locksWhatMatchesAndNothingElseAndItsDeletionLeavesEveryObjectAsItWas() {
        Tenant first = member();
        first.everyKind();
        Tenant second = member();
        Tenant other = cluster.tenant(Map.of(TEAM, team + "-x"));
        SortedMap<String, String> before = first.objects();
        String otherBefore = other.resourceVersion();

        TestRequest request = request();
        request.awaitApplied();
        assertThat(request.counts()).isEqualTo(new Counts(2, 2, 0, 2));
        assertThat(first.label(Names.APPLIED_LABEL)).isEqualTo("locked");
        assertThat(second.label(Names.APPLIED_LABEL)).isEqualTo("locked");
        assertThat(first.annotation(Names.HELD_BY)).isEqualTo(request.key());
        first.awaitNoPods();

        request.delete();
        request.awaitGone();
        first.awaitUnlocked();
        second.awaitUnlocked();
        assertThat(first.objects()).isEqualTo(before);
        assertThat(first.marks()).isEmpty();
        assertThat(first.label(TEAM)).isEqualTo(team);
        assertThat(other.resourceVersion()).isEqualTo(otherBefore);
    }

    @Test
    void isContinuous() {
        Tenant comes = cluster.tenant();
        comes.deployment("web", 1);
        SortedMap<String, String> before = comes.objects();
        TestRequest request = request();
        request.awaitApplied();
        assertThat(request.counts()).as("nothing matches").isEqualTo(new Counts(0, 0, 0, 0));

        Tenant created = member();
        created.awaitLocked();
        comes.label(TEAM, team);
        comes.awaitLocked();
        Eventually.equal(new Counts(2, 2, 0, 2), request::counts);
        request.awaitApplied();

        comes.label(TEAM, null);
        comes.awaitUnlocked();
        assertThat(comes.label(Names.STATUS_LABEL)).isEqualTo("active");
        assertThat(comes.objects()).isEqualTo(before);
        assertThat(comes.marks()).isEmpty();
        created.label(TEAM, "other");
        created.awaitUnlocked();
        Eventually.equal(new Counts(0, 0, 0, 0), request::counts);
        request.awaitApplied();
    }

    @Test
    void aSelectorThatMatchesNothingIsReadyWithZeroTargets() {
        TestRequest request = request();
        request.awaitApplied();
        assertThat(request.ready()).isEqualTo("True Applied: 0 of 0 namespaces are locked");
        assertThat(request.counts()).isEqualTo(new Counts(0, 0, 0, 0));
        request.delete();
        request.awaitGone();
    }

    @Test
    void namesAndSelectorAreAUnion() {
        Tenant selected = member();
        Tenant named = cluster.tenant();
        Tenant both = member();
        TestRequest request =
                cluster.request(TestSpec.locked().names(named, both).label(TEAM, team));
        request.awaitApplied();
        assertThat(request.counts()).isEqualTo(new Counts(3, 3, 0, 3));

        both.label(TEAM, null);
        selected.label(TEAM, null);
        selected.awaitUnlocked();
        Eventually.equal(new Counts(2, 2, 0, 2), request::counts);
        assertThat(both.label(Names.APPLIED_LABEL)).isEqualTo("locked");
        request.spec("{\"namespaceNames\":[\"" + named.name() + "\"]}");
        both.awaitUnlocked();
        request.spec("{\"namespaceSelector\":null}");
        request.awaitApplied();
        assertThat(request.counts()).isEqualTo(new Counts(1, 1, 0, 1));
        assertThat(named.label(Names.APPLIED_LABEL)).isEqualTo("locked");
    }

    @Test
    void knowsEveryOperator() {
        Tenant gold = cluster.tenant(Map.of(TEAM, team, PLAN, "gold"));
        Tenant silver = cluster.tenant(Map.of(TEAM, team, PLAN, "silver"));
        Tenant none = member();
        TestRequest request = cluster.request(TestSpec.locked()
                .label(TEAM, team)
                .expression("{\"key\":\"" + PLAN + "\",\"operator\":\"In\",\"values\":[\"gold\",\"platinum\"]}"));
        request.awaitApplied();
        assertThat(locked(gold, silver, none)).isEqualTo("true false false");

        expression(request, "{\"key\":\"" + PLAN + "\",\"operator\":\"NotIn\",\"values\":[\"gold\"]}");
        Eventually.equal("false true true", () -> locked(gold, silver, none));
        expression(request, "{\"key\":\"" + PLAN + "\",\"operator\":\"Exists\"}");
        Eventually.equal("true true false", () -> locked(gold, silver, none));
        expression(request, "{\"key\":\"" + PLAN + "\",\"operator\":\"DoesNotExist\"}");
        Eventually.equal("false false true", () -> locked(gold, silver, none));
        request.awaitApplied();
        assertThat(request.counts()).isEqualTo(new Counts(1, 1, 0, 1));
    }

    private static void expression(TestRequest request, String expression) {
        request.spec("{\"namespaceSelector\":{\"matchExpressions\":[" + expression + "]}}");
        request.awaitApplied();
    }

    private static String locked(Tenant... tenants) {
        StringBuilder text = new StringBuilder();
        for (Tenant each : tenants) {
            text.append(' ').append("locked".equals(each.label(Names.APPLIED_LABEL)));
        }
        return text.substring(1);
    }

    @Test
    void anActiveSelectorRequestOpensWhatIsLockedByHandAndHoldsNothing() {
        Tenant tenant = member();
        tenant.status("locked");
        tenant.awaitLocked();
        TestRequest request = cluster.request(TestSpec.active().label(TEAM, team));
        tenant.awaitUnlocked();
        request.awaitApplied();
        assertThat(request.counts()).isEqualTo(new Counts(1, 0, 0, 1));
        tenant.status("locked");
        tenant.awaitLocked();
        Eventually.equal("Locked", () -> request.entry(tenant.name()));
    }

    @Test
    void lockedByNameWinsOverActiveBySelector() {
        Tenant tenant = member();
        TestRequest opens = cluster.request(TestSpec.active().label(TEAM, team));
        opens.awaitApplied();
        TestRequest locks = cluster.request(TestSpec.locked().names(tenant));
        locks.awaitApplied();
        Eventually.equal("Failed: is held by " + locks.key(), () -> opens.entry(tenant.name()));
        tenant.label(TEAM, null);
        Eventually.equal(new Counts(0, 0, 0, 0), opens::counts);
        assertThat(tenant.label(Names.APPLIED_LABEL)).isEqualTo("locked");
    }

    @Test
    void everythingIsAllButTheProtectedAndTheStatusSaysSo() {
        assumeThat(cluster.simulated()).as("nobody locks all of a real cluster").isPresent();
        Tenant tenant = cluster.tenant();
        String systemBefore = version("kube-system");
        // The namespaces of the tests' requests, of the tenant, and default are locked.
        cluster.requestNamespace();
        TestRequest request = cluster.request(TestSpec.locked().everything());
        request.awaitPartlyFailed();
        assertThat(request.counts()).isEqualTo(new Counts(6, 3, 3, 6));
        for (String each : Names.ALWAYS_PROTECTED) {
            assertThat(request.entry(each)).isEqualTo("Failed: is protected");
            Eventually.holds(() -> cluster.client().v1().events().inNamespace(each).list().getItems().stream()
                    .anyMatch(event -> event.getType().equals("Warning")
                            && event.getReason().equals("LockRefused")));
        }
        assertThat(version("kube-system")).isEqualTo(systemBefore);
        assertThat(tenant.label(Names.APPLIED_LABEL)).isEqualTo("locked");

        Tenant later = cluster.nextTenant();
        cluster.create(later);
        later.awaitLocked();
        Eventually.equal(new Counts(7, 4, 3, 7), request::counts);
        request.delete();
        request.awaitGone();
        tenant.awaitUnlocked();
        later.awaitUnlocked();
        assertThat(version("kube-system")).isEqualTo(systemBefore);
    }

    private String version(String namespace) {
        return Objects.requireNonNull(
                        cluster.client().namespaces().withName(namespace).get())
                .getMetadata()
                .getResourceVersion();
    }

    /** Only the embedded cluster counts: lists of namespaces are two while the feed is narrow, one when it widens. */
    @Test
    void theFeedIsWideOnlyWhileASelectorRequestExists() {
        assumeThat(cluster.simulated())
                .as("only the embedded cluster counts requests")
                .isPresent();
        RequestCounters requests = cluster.simulated().orElseThrow().requests();
        awaitLists(requests, NARROW_LISTS);
        Tenant named = cluster.tenant();
        Tenant selected = member();
        TestRequest names = cluster.request(TestSpec.locked().names(named));
        names.awaitApplied();
        assertThat(lists(requests)).as("names alone do not widen").isEqualTo(NARROW_LISTS);

        TestRequest selector = request();
        selector.awaitApplied();
        awaitLists(requests, NARROW_LISTS + WIDE_LISTS);
        TestRequest another =
                cluster.request(TestSpec.locked().label(TEAM, team).label(PLAN, "gold"));
        another.awaitApplied();
        awaitLists(requests, NARROW_LISTS + 2 * WIDE_LISTS);
        another.delete();
        another.awaitGone();

        selector.delete();
        selector.awaitGone();
        selected.awaitUnlocked();
        awaitLists(requests, 2 * NARROW_LISTS + 2 * WIDE_LISTS);
        selected.status("locked");
        selected.awaitLocked();
        named.status("active");
        Eventually.equal("locked", () -> named.label(Names.STATUS_LABEL));
    }

    /** The watch may be opened a moment after what the lists told is done. */
    private static void awaitLists(RequestCounters requests, long expected) {
        Eventually.equal(expected, () -> lists(requests));
    }

    private static long lists(RequestCounters requests) {
        return RequestCount.of(requests, "list namespaces"::equals).value();
    }
}
