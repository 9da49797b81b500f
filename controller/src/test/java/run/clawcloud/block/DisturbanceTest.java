package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;

/** Restarts, drift, faults of the server: the end is the same as without. */
class DisturbanceTest {

    private static final String DEPLOYMENTS = "apis/apps/v1/%s/deployments";

    /** The first such request is the test's, which sets the label. */
    private static final int TESTS_OWN = 1;

    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = TestCluster.open();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void whatHappenedWhileNobodyLookedIsDoneAtStart() throws Exception {
        Tenant unlabelled = cluster.tenant();
        unlabelled.deployment("web", 2);
        Tenant activated = cluster.tenant();
        activated.deployment("web", 2);
        Tenant locked = cluster.tenant();
        locked.deployment("web", 2);
        try (BlockController _ = TestController.start(cluster)) {
            unlabelled.status("locked");
            activated.status("locked");
            unlabelled.awaitLocked();
            activated.awaitLocked();
        }
        unlabelled.status(null);
        activated.status("active");
        locked.status("locked");
        try (BlockController _ = TestController.start(cluster)) {
            unlabelled.awaitUnlocked();
            activated.awaitUnlocked();
            locked.awaitLocked();
            assertThat(unlabelled.replicas(DEPLOYMENTS, "web")).isEqualTo(2);
            assertThat(activated.replicas(DEPLOYMENTS, "web")).isEqualTo(2);
            assertThat(locked.replicas(DEPLOYMENTS, "web")).isZero();
        }
    }

    @Test
    void aLockThatWasBegunIsFinishedAtStart() throws Exception {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        tenant.label(Names.APPLIED_LABEL, Names.APPLIED_LOCKING);
        tenant.status("locked");
        try (BlockController _ = TestController.start(cluster)) {
            tenant.awaitLocked();
            assertThat(tenant.replicas(DEPLOYMENTS, "web")).isZero();
            assertThat(tenant.annotation(Names.UNLOCK_TIMESTAMP)).isNotNull();
        }
    }

    @Test
    void aFinishedLockCostsNothingAtRestart() throws Exception {
        KubeSim simulated = simulated();
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        try (BlockController _ = TestController.start(cluster)) {
            tenant.status("locked");
            tenant.awaitLocked();
        }
        RequestCount before = RequestCount.of(simulated.requests());
        Tenant other = cluster.tenant();
        try (BlockController _ = TestController.start(cluster)) {
            // Whatever was to be done for the first namespace was done before this one.
            other.status("active");
            other.status("locked");
            other.awaitLocked();
            other.awaitEvent("Locked");
        }
        // Two lists and a watch of namespaces, a list and a watch of quotas, how far the server is with each watch, and
        // one lock without workloads.
        assertThat(RequestCount.of(simulated.requests()).since(before)).isEqualTo(5 + 2 + 10);
    }

    @Test
    void aQuotaThatIsDeletedOrAlteredIsPutBack() throws Exception {
        Tenant tenant = cluster.tenant();
        try (BlockController _ = TestController.start(cluster)) {
            tenant.status("locked");
            tenant.awaitLocked();
            var quota =
                    cluster.client().resourceQuotas().inNamespace(tenant.name()).withName(Names.QUOTA);
            quota.delete();
            tenant.awaitQuota();
            tenant.awaitLocked();

            tenant.patch(
                    "api/v1/%s/resourcequotas/" + Names.QUOTA,
                    "{\"spec\":{\"hard\":{\"pods\":\"10\",\"count/jobs.batch\":\"1\",\"secrets\":null}}}");
            Eventually.holds(() -> {
                var hard = quota.get().getSpec().getHard();
                return hard.size() == 12
                        && hard.values().stream()
                                .allMatch(quantity -> quantity.toString().equals("0"));
            });
            tenant.awaitLocked();

            tenant.patch(
                    "api/v1/%s/resourcequotas/" + Names.QUOTA,
                    "{\"metadata\":{\"labels\":{\"" + Names.MANAGED_BY_LABEL + "\":null}}}");
            Eventually.holds(() -> quota.get().getMetadata().getLabels() != null
                    && Names.MANAGED_BY.equals(
                            quota.get().getMetadata().getLabels().get(Names.MANAGED_BY_LABEL)));
        }
    }

    @Test
    void aQuotaThatIsDeletedWhileTheNamespacesAreFirstListedIsPutBack() throws Exception {
        KubeSim simulated = simulated();
        Tenant tenant = cluster.tenant();
        try (BlockController _ = TestController.start(cluster)) {
            tenant.status("locked");
            tenant.awaitLocked();
        }
        simulated.requests().reset();
        simulated.faults().set(1, List.of(Fault.of(Fault.Effect.STALL).on("list", "namespaces")));
        try (ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BlockController> started = starting.submit(() -> TestController.start(cluster));
            Eventually.holds(() -> simulated.requests().count("list", "namespaces") > 0
                    && simulated.requests().count("list", "resourcequotas") > 0);
            cluster.client()
                    .resourceQuotas()
                    .inNamespace(tenant.name())
                    .withName(Names.QUOTA)
                    .delete();
            simulated.faults().clear();
            try (BlockController _ = started.get()) {
                tenant.awaitQuota();
            }
        }
    }

    @Test
    void aForeignQuotaOfOurNameIsReplaced() throws Exception {
        Tenant tenant = cluster.tenant();
        cluster.client()
                .resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName(Names.QUOTA)
                        .withNamespace(tenant.name())
                        .endMetadata()
                        .withNewSpec()
                        .withScopes("BestEffort")
                        .addToHard("pods", new Quantity("7"))
                        .endSpec()
                        .build())
                .create();
        try (BlockController _ = TestController.start(cluster)) {
            tenant.status("locked");
            tenant.awaitLocked();
            var spec = cluster.client()
                    .resourceQuotas()
                    .inNamespace(tenant.name())
                    .withName(Names.QUOTA)
                    .get()
                    .getSpec();
            assertThat(spec.getScopes()).isEmpty();
            assertThat(spec.getHard()).hasSize(12);
        }
    }

    @Test
    void storageIsClosedWhenAskedFor() throws Exception {
        Tenant tenant = cluster.tenant();
        try (BlockController _ = TestController.start(cluster, "--block-storage")) {
            tenant.status("locked");
            tenant.awaitLocked();
            assertThat(cluster.client()
                            .resourceQuotas()
                            .inNamespace(tenant.name())
                            .withName(Names.QUOTA)
                            .get()
                            .getSpec()
                            .getHard())
                    .containsKey("requests.storage");
        }
    }

    @Test
    void aDryRunWritesNothing() throws Exception {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 1);
        SortedMap<String, String> before = tenant.objects();
        tenant.status("locked");
        String labelled = tenant.resourceVersion();
        try (BlockController controller = TestController.start(cluster, "--dry-run")) {
            Eventually.holds(controller::idle);
            assertThat(tenant.resourceVersion()).isEqualTo(labelled);
            assertThat(tenant.objects()).isEqualTo(before);
        }
    }

    @Test
    void conflictsThrottlingAndErrorsEndInTheSameState() throws Exception {
        KubeSim simulated = simulated();
        Tenant tenant = cluster.tenant();
        tenant.everyKind();
        SortedMap<String, String> before = tenant.objects();
        List<Fault> faults = List.of(
                Fault.of(Fault.Effect.CONFLICT)
                        .on("patch", "namespaces")
                        .times(2)
                        .skipping(TESTS_OWN),
                Fault.of(Fault.Effect.CONFLICT).on("patch", "deployments").times(2),
                Fault.of(Fault.Effect.STATUS)
                        .on("patch", "statefulsets")
                        .withStatus(429, 1)
                        .times(1),
                Fault.of(Fault.Effect.STATUS)
                        .on("list", "jobs")
                        .withStatus(503, 1)
                        .times(1),
                Fault.of(Fault.Effect.STATUS)
                        .on("list", "cronjobs")
                        .withStatus(500, 0)
                        .times(1));
        try (BlockController _ = TestController.start(cluster)) {
            simulated.faults().set(1, faults);
            tenant.status("locked");
            tenant.awaitLocked();
            tenant.awaitNoPods();
            simulated.faults().set(2, faults);
            tenant.status("active");
            tenant.awaitUnlocked();
        }
        assertThat(tenant.objects()).isEqualTo(before);
    }

    @Test
    void aNamespaceThatIsLockedAgainBeforeItsUnlockIsThroughIsLocked() throws Exception {
        KubeSim simulated = simulated();
        Tenant tenant = cluster.tenant();
        tenant.everyKind();
        SortedMap<String, String> before = tenant.objects();
        try (BlockController _ = TestController.start(cluster)) {
            tenant.status("locked");
            tenant.awaitLocked();
            tenant.awaitNoPods();
            simulated
                    .faults()
                    .set(
                            1,
                            List.of(Fault.of(Fault.Effect.STATUS)
                                    .on("list", "cronjobs")
                                    .withStatus(500, 0)));
            tenant.status("active");
            tenant.awaitPods("web", 3);
            simulated.faults().clear();
            tenant.status("locked");
            Eventually.holds(() -> tenant.quotaStands() && tenant.replicas(DEPLOYMENTS, "web") == 0);
            tenant.awaitLocked();
            tenant.awaitNoPods();
            tenant.status("active");
            tenant.awaitUnlocked();
        }
        assertThat(tenant.objects()).isEqualTo(before);
    }

    @Test
    void aWriteWhoseAnswerWasLostIsNotDoneTwice() throws Exception {
        KubeSim simulated = simulated();
        Tenant tenant = cluster.tenant();
        tenant.everyKind();
        SortedMap<String, String> before = tenant.objects();
        List<Fault> faults = List.of(
                Fault.of(Fault.Effect.DROP_AFTER).on("patch", "deployments").times(1),
                Fault.of(Fault.Effect.DROP_AFTER).on("create", "resourcequotas").times(1),
                Fault.of(Fault.Effect.DROP_BEFORE).on("patch", "statefulsets").times(1),
                Fault.of(Fault.Effect.DROP_AFTER).on("delete", "resourcequotas").times(1),
                Fault.of(Fault.Effect.DROP_AFTER)
                        .on("patch", "namespaces")
                        .times(1)
                        .skipping(TESTS_OWN));
        try (BlockController _ = TestController.start(cluster)) {
            simulated.faults().set(1, faults);
            tenant.status("locked");
            tenant.awaitLocked();
            tenant.awaitNoPods();
            simulated.faults().set(2, faults);
            tenant.status("active");
            tenant.awaitUnlocked();
        }
        assertThat(tenant.objects()).isEqualTo(before);
    }

    @Test
    void nothingIsMissedWhenTheWatchIsCutOrTooOld() throws Exception {
        KubeSim simulated = simulated();
        List<Tenant> tenants = Stream.generate(cluster::tenant).limit(6).toList();
        simulated
                .faults()
                .set(
                        1,
                        List.of(
                                Fault.of(Fault.Effect.CUT_WATCH)
                                        .on("watch", "namespaces")
                                        .afterEvents(1)
                                        .times(2),
                                Fault.of(Fault.Effect.EXPIRE_WATCH)
                                        .on("watch", "namespaces")
                                        .afterEvents(2)
                                        .times(2)));
        try (BlockController _ = TestController.start(cluster)) {
            tenants.forEach(tenant -> tenant.status("locked"));
            tenants.forEach(Tenant::awaitLocked);
            tenants.forEach(tenant -> tenant.status(null));
            tenants.forEach(Tenant::awaitUnlocked);
        }
    }

    /** As when the server compacts its history while a list is read. */
    @Test
    void aListWhoseContinueTokenExpiresIsMadeAnew() throws Exception {
        KubeSim simulated = simulated();
        List<Tenant> tenants = Stream.generate(cluster::tenant).limit(4).toList();
        tenants.forEach(each -> each.deployment("web", 1));
        tenants.forEach(each -> each.deployment("worker", 1));
        Fault expired = Fault.of(Fault.Effect.STATUS).withStatus(410, 0);
        int listsAtStart = 2;
        simulated
                .faults()
                .set(
                        1,
                        List.of(
                                Fault.of(Fault.Effect.EXPIRE_WATCH)
                                        .on("watch", "namespaces")
                                        .afterEvents(1)
                                        .times(1),
                                expired.on("list", "namespaces")
                                        .skipping(listsAtStart + 1)
                                        .times(1),
                                expired.on("list", "deployments").skipping(1).times(1)));
        try (BlockController _ = TestController.start(cluster, "--list-page-size=1", "--scan-batch-size=1")) {
            tenants.forEach(each -> each.status("locked"));
            tenants.forEach(Tenant::awaitLocked);
            tenants.forEach(Tenant::awaitNoPods);
        }
        assertThat(new RawApi(cluster.client()).get("kubesim/faults").accepted().path("faults"))
                .extracting(each -> each.path("struck").asInt())
                .as("each has struck")
                .containsExactly(1, 1, 1);
    }

    private KubeSim simulated() {
        assumeThat(cluster.simulated())
                .as("only the embedded cluster has faults on demand")
                .isPresent();
        return cluster.simulated().orElseThrow();
    }
}
