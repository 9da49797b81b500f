package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.TestRequest.Counts;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;
import tools.jackson.databind.JsonNode;

/** What a BlockRequest says of itself. With {@code -Dkubeconfig=FILE} on a real cluster. */
class BlockRequestStatusTest {

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

    @Test
    void speaksOfTheGenerationThatItSaw() throws Exception {
        Tenant tenant = cluster.tenant();
        try (BlockController _ = TestController.start(cluster)) {
            TestRequest request = cluster.request(TestSpec.locked().names(tenant));
            request.awaitApplied();
            assertThat(request.status().path("observedGeneration").asLong()).isEqualTo(1);
            String since =
                    request.status().at("/conditions/0/lastTransitionTime").asString();
            request.spec("{\"reason\":\"because\"}");
            Eventually.equal(
                    2L, () -> request.status().path("observedGeneration").asLong());
            request.awaitApplied();
            assertThat(request.status().at("/conditions/0/lastTransitionTime").asString())
                    .as("it was ready all the time")
                    .isEqualTo(since);
        }
    }

    @Test
    void aStatusThatSomebodyEditedIsPutRight() throws Exception {
        Tenant tenant = cluster.tenant();
        try (BlockController _ = TestController.start(cluster)) {
            TestRequest request = cluster.request(TestSpec.locked().names(tenant));
            request.awaitApplied();
            JsonNode right = request.status();

            request.falsify("""
                    {"lockedCount":77,"targetCount":0,"namespaceStatuses":[{"namespace":"x","phase":"Failed"}],
                    "selectorContinueToken":"abc","conditions":[]}""");
            Eventually.equal(new Counts(1, 1, 0, 1), request::counts);
            request.awaitApplied();
            assertThat(request.status().path("namespaceStatuses")).isEqualTo(right.path("namespaceStatuses"));
            assertThat(request.status().path("selectorContinueToken").asString("?"))
                    .isEmpty();
            assertThat(tenant.label(Names.APPLIED_LABEL)).isEqualTo("locked");

            cluster.api().patch(request.path() + "/status", "{\"status\":null}").accepted();
            Eventually.equal(new Counts(1, 1, 0, 1), request::counts);
            cluster.api()
                    .patch(request.path(), "{\"metadata\":{\"finalizers\":null}}")
                    .accepted();
            Eventually.holds(
                    () -> request.get().at("/metadata/finalizers").toString().contains(Names.FINALIZER));
        }
    }

    @Test
    void aProtectedNamespaceIsAFailedEntryAndAWarningAndNothingInItIsChanged() throws Exception {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 1);
        Tenant other = cluster.tenant();
        var before = tenant.objects();
        String version = tenant.resourceVersion();
        try (BlockController _ = TestController.start(cluster, "--protected-namespaces=" + tenant.name())) {
            TestRequest request = cluster.request(TestSpec.locked().names(tenant, other));
            request.awaitPartlyFailed();
            assertThat(request.ready())
                    .isEqualTo("False PartlyFailed: 1 of 2 namespaces are locked, 1 failed: " + tenant.name()
                            + " is protected");
            assertThat(request.counts()).isEqualTo(new Counts(2, 1, 1, 2));
            assertThat(request.entry(tenant.name())).isEqualTo("Failed: is protected");
            tenant.awaitEvent("LockRefused");
            assertThat(tenant.events("LockRefused"))
                    .allMatch(message -> message.startsWith("Warning: ") && message.contains(request.key()));
            request.delete();
            request.awaitGone();
            other.awaitUnlocked();
        }
        assertThat(tenant.objects()).isEqualTo(before);
        assertThat(tenant.resourceVersion()).isEqualTo(version);
    }

    /** Where a namespace can't be locked, the server says why, and the others don't wait. */
    @Test
    void aFailingNamespaceHoldsUpNoOtherAndIsShownWithItsMessageUntilItRecovers() throws Exception {
        KubeSim simulated = simulated();
        Tenant forbidden = cluster.tenant();
        forbidden.deployment("web", 1);
        Tenant broken = cluster.tenant();
        broken.deployment("web", 1);
        List<Tenant> others = Stream.generate(cluster::tenant).limit(5).toList();
        Tenant[] all =
                Stream.concat(Stream.of(forbidden, broken), others.stream()).toArray(Tenant[]::new);
        Fault patch = Fault.of(Fault.Effect.STATUS).on("patch", "deployments");
        simulated
                .faults()
                .set(
                        1,
                        List.of(
                                patch.withStatus(403, 0).in(forbidden.name()),
                                patch.withStatus(500, 0).in(broken.name())));
        try (BlockController _ = TestController.start(cluster)) {
            TestRequest request = cluster.request(TestSpec.locked().names(all));
            others.forEach(Tenant::awaitLocked);
            request.awaitPartlyFailed();
            Eventually.equal(new Counts(7, 5, 2, 7), request::counts);
            assertThat(request.entry(forbidden.name()))
                    .startsWith("Failed: ")
                    .contains("403")
                    .contains("deployments");
            assertThat(request.entry(broken.name()))
                    .startsWith("Failed: ")
                    .contains("500")
                    .contains("deployments");
            assertThat(forbidden.quotaStands()).as("the rest of it is done").isTrue();

            simulated.faults().clear();
            request.awaitApplied();
            assertThat(request.counts()).isEqualTo(new Counts(7, 7, 0, 7));
            assertThat(request.entry(broken.name())).isEqualTo("Locked");
        }
    }

    @Test
    void aLabelThatCantBeWrittenIsShownAndHoldsUpNoOther() throws Exception {
        KubeSim simulated = simulated();
        Tenant stuck = cluster.tenant();
        Tenant other = cluster.tenant();
        simulated
                .faults()
                .set(
                        1,
                        List.of(Fault.of(Fault.Effect.STATUS)
                                .on("patch", "namespaces")
                                .named(stuck.name())
                                .withStatus(403, 0)));
        try (BlockController _ = TestController.start(cluster)) {
            TestRequest request = cluster.request(TestSpec.locked().names(stuck, other));
            other.awaitLocked();
            Eventually.holds(() -> request.entry(stuck.name()).startsWith("Failed: patch namespaces"));
            request.awaitPartlyFailed();
            assertThat(stuck.marks()).isEmpty();
            simulated.faults().clear();
            request.awaitApplied();
        }
    }

    /** The bound grows with the time that it took: a slow machine has more writes. */
    @Test
    void isWrittenAtMostEveryTwoSecondsInProgressAndIsExactAtTheEnd() throws Exception {
        KubeSim simulated = simulated();
        int many = 40;
        IntStream.range(0, many).forEach(_ -> cluster.tenant(Map.of(TEAM, team)));
        simulated
                .faults()
                .set(
                        1,
                        List.of(Fault.of(Fault.Effect.DELAY)
                                .on("create", "resourcequotas")
                                .lasting(100)));
        try (BlockController controller = TestController.start(cluster, "--max-concurrent-reconciles=1")) {
            long begin = System.nanoTime();
            TestRequest request = cluster.request(TestSpec.locked().label(TEAM, team));
            request.awaitApplied();
            Eventually.holds(controller::idle);
            long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
            // One at once, one every two seconds, one at the end.
            assertThat(statusWrites(simulated)).isBetween(3L, 3 + seconds / 2);
            assertThat(request.counts()).isEqualTo(new Counts(many, many, 0, many));
            assertThat(request.status().path("namespaceStatuses")).hasSize(many);
        }
    }

    private static long statusWrites(KubeSim simulated) {
        return RequestCount.of(simulated.requests(), "patch blockrequests/status"::equals)
                .value();
    }

    @Test
    void hasAtMostAThousandEntriesFailuresFirst() throws Exception {
        Tenant tenant = cluster.tenant();
        String[] names = IntStream.range(0, 1_200)
                .mapToObj(i -> "absent-%04d".formatted(i))
                .toArray(String[]::new);
        try (BlockController _ = TestController.start(cluster)) {
            TestRequest request = cluster.request(TestSpec.locked().names(names).names(tenant));
            request.awaitPartlyFailed();
            Eventually.equal(new Counts(1_201, 1, 1_200, 1_201), request::counts);
            JsonNode entries = request.status().path("namespaceStatuses");
            assertThat(entries).hasSize(1_000);
            assertThat(entries).allMatch(entry -> entry.path("phase").asString().equals("Failed"));
            assertThat(request.status().toString().length()).isLessThan(200_000);
            request.delete();
            request.awaitGone();
            tenant.awaitUnlocked();
        }
    }

    private KubeSim simulated() {
        assumeThat(cluster.simulated())
                .as("only the embedded cluster has faults on demand")
                .isPresent();
        return cluster.simulated().orElseThrow();
    }
}
