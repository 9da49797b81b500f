package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.TestRequest.Counts;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;
import run.clawcloud.block.ops.Logged;

/** BlockRequests when something goes wrong, ends, or was not there: the end is the same as without. */
class BlockRequestDisturbanceTest {

    private static final String DEPLOYMENTS = "apis/apps/v1/%s/deployments";
    private static final String TEAM = "flow.example.com/team";
    private static final String LONG_AGO = "2020-01-01T00:00:00Z";

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

    private Tenant member() {
        return cluster.tenant(Map.of(TEAM, team));
    }

    @Test
    void whatHappenedWhileNobodyLookedIsDoneAtStart() throws Exception {
        Tenant relabelledByHand = cluster.tenant();
        relabelledByHand.deployment("web", 1);
        Tenant leaves = member();
        leaves.deployment("web", 1);
        Tenant comes = cluster.tenant();
        Tenant ofTheDeleted = cluster.tenant();
        TestRequest names;
        TestRequest selector;
        TestRequest deleted;
        try (BlockController _ = TestController.start(cluster)) {
            names = cluster.request(TestSpec.locked().names(relabelledByHand));
            selector = cluster.request(TestSpec.locked().label(TEAM, team));
            deleted = cluster.request(TestSpec.locked().names(ofTheDeleted));
            names.awaitApplied();
            selector.awaitApplied();
            deleted.awaitApplied();
        }
        String quota = relabelledByHand.quotaUid();
        relabelledByHand.status(null);
        leaves.label(TEAM, null);
        comes.label(TEAM, team);
        deleted.delete();
        try (BlockController _ = TestController.start(cluster)) {
            Eventually.equal("locked", () -> relabelledByHand.label(Names.STATUS_LABEL));
            leaves.awaitUnlocked();
            comes.awaitLocked();
            deleted.awaitGone();
            ofTheDeleted.awaitUnlocked();
            selector.awaitApplied();
            assertThat(selector.counts()).isEqualTo(new Counts(1, 1, 0, 1));
            assertThat(relabelledByHand.quotaUid()).isEqualTo(quota);
            assertThat(leaves.replicas(DEPLOYMENTS, "web")).isEqualTo(1);
        }
    }

    /** Somebody who removes the finalizer by force: what was held has no holder any more. */
    @Test
    void whatARequestHeldThatVanishedWhileNobodyLookedIsReleased() throws Exception {
        Tenant named = cluster.tenant();
        Tenant selected = member();
        TestRequest names;
        TestRequest selector;
        try (BlockController _ = TestController.start(cluster)) {
            names = cluster.request(TestSpec.locked().names(named));
            selector = cluster.request(TestSpec.locked().label(TEAM, team));
            names.awaitApplied();
            selector.awaitApplied();
        }
        names.remove();
        selector.remove();
        names.awaitGone();
        selector.awaitGone();
        try (BlockController _ = TestController.start(cluster)) {
            named.awaitUnlocked();
            selected.awaitUnlocked();
            assertThat(named.marks()).isEmpty();
            assertThat(selected.label(Names.STATUS_LABEL)).isEqualTo("active");
        }
    }

    @Test
    void whatARequestHeldThatVanishesByForceIsReleased() throws Exception {
        Tenant named = cluster.tenant();
        Tenant selected = member();
        try (BlockController _ = TestController.start(cluster)) {
            TestRequest names = cluster.request(TestSpec.locked().names(named));
            TestRequest selector = cluster.request(TestSpec.locked().label(TEAM, team));
            names.awaitApplied();
            selector.awaitApplied();
            names.delete();
            names.remove();
            selector.delete();
            selector.remove();
            named.awaitUnlocked();
            selected.awaitUnlocked();
            assertThat(named.marks()).isEmpty();
        }
    }

    @Test
    void whatIsSettledCostsNothingAtRestart() throws Exception {
        KubeSim simulated = simulated();
        Tenant named = cluster.tenant();
        List<Tenant> selected = Stream.generate(this::member).limit(5).toList();
        TestRequest names;
        TestRequest selector;
        try (BlockController controller = TestController.start(cluster)) {
            names = cluster.request(TestSpec.locked().names(named));
            selector = cluster.request(TestSpec.locked().label(TEAM, team));
            names.awaitApplied();
            selector.awaitApplied();
            assertThat(selector.counts().locked()).isEqualTo(selected.size());
            Eventually.holds(controller::idle);
        }
        String before = names.get().toString() + selector.get();
        simulated.requests().reset();
        Tenant other = cluster.tenant();
        try (BlockController controller = TestController.start(cluster)) {
            // Whatever was to be done for the settled was done before this one.
            Eventually.holds(controller::idle);
            other.status("locked");
            other.awaitLocked();
            other.awaitEvent("Locked");
            Eventually.holds(controller::idle);
        }
        assertThat(nothingButLists(simulated))
                .isEqualTo(new TreeMap<>(Map.of(
                        "patch namespaces", 2L,
                        "create resourcequotas", 1L)));
        assertThat(RequestCount.of(simulated.requests(), "list deployments"::equals)
                        .value())
                .isEqualTo(1);
        assertThat(names.get().toString() + selector.get()).isEqualTo(before);
    }

    /** The controller's requests that are for single objects. */
    private static SortedMap<String, Long> nothingButLists(KubeSim simulated) {
        SortedMap<String, Long> counts = new TreeMap<>();
        simulated.requests().toJson().path("byUserAgent").properties().stream()
                .filter(agent -> agent.getKey().startsWith("block-controller/"))
                .flatMap(agent -> agent.getValue().properties().stream())
                .filter(each -> !each.getKey().matches("(list|watch) .*|.* events"))
                .forEach(each -> counts.put(each.getKey(), each.getValue().asLong()));
        return counts;
    }

    @Test
    void conflictsThrottlingAndErrorsEndInTheSameState() throws Exception {
        KubeSim simulated = simulated();
        Tenant named = cluster.tenant();
        named.everyKind();
        Tenant selected = member();
        selected.deployment("web", 2);
        SortedMap<String, String> namedBefore = named.objects();
        SortedMap<String, String> selectedBefore = selected.objects();
        Fault status = Fault.of(Fault.Effect.STATUS);
        List<Fault> faults = List.of(
                Fault.of(Fault.Effect.CONFLICT).on("patch", "namespaces").times(4),
                status.on("patch", "namespaces").withStatus(429, 1).skipping(1).times(2),
                Fault.of(Fault.Effect.DROP_AFTER)
                        .on("patch", "namespaces")
                        .skipping(3)
                        .times(2),
                Fault.of(Fault.Effect.CONFLICT).on("patch", "blockrequests").times(2),
                status.on("patch", "blockrequests").withStatus(503, 1).times(1),
                Fault.of(Fault.Effect.DROP_AFTER).on("patch", "blockrequests").times(1),
                status.on("patch", "blockrequests/status").withStatus(429, 1).times(2),
                Fault.of(Fault.Effect.CONFLICT)
                        .on("patch", "blockrequests/status")
                        .times(2),
                status.on("get", "namespaces").withStatus(500, 0).times(1),
                status.on("list", "namespaces").withStatus(429, 1).times(1));
        try (BlockController _ = TestController.start(cluster)) {
            simulated.faults().set(1, faults);
            TestRequest names = cluster.nextRequest();
            names.create(TestSpec.locked().names(named).toString());
            TestRequest selector = cluster.nextRequest();
            selector.create(TestSpec.locked().label(TEAM, team).toString());
            names.awaitApplied();
            selector.awaitApplied();
            assertThat(selector.counts()).isEqualTo(new Counts(1, 1, 0, 1));
            named.awaitNoPods();
            simulated.faults().set(2, faults);
            names.delete();
            selector.delete();
            names.awaitGone();
            selector.awaitGone();
            named.awaitUnlocked();
            selected.awaitUnlocked();
        }
        assertThat(named.objects()).isEqualTo(namedBefore);
        assertThat(selected.objects()).isEqualTo(selectedBefore);
        assertThat(named.marks()).isEmpty();
        assertThat(selected.marks()).isEmpty();
    }

    @Test
    void nothingIsMissedWhenWatchesAreCutOrTooOld() throws Exception {
        KubeSim simulated = simulated();
        List<Tenant> tenants = Stream.generate(this::member).limit(6).toList();
        List<Tenant> named = Stream.generate(cluster::tenant).limit(3).toList();
        Fault cut = Fault.of(Fault.Effect.CUT_WATCH);
        Fault expire = Fault.of(Fault.Effect.EXPIRE_WATCH);
        simulated
                .faults()
                .set(
                        1,
                        List.of(
                                cut.on("watch", "namespaces").afterEvents(2).times(3),
                                expire.on("watch", "namespaces").afterEvents(3).times(3),
                                cut.on("watch", "blockrequests").afterEvents(1).times(3),
                                expire.on("watch", "blockrequests")
                                        .afterEvents(2)
                                        .times(3)));
        try (BlockController _ = TestController.start(cluster)) {
            TestRequest selector = cluster.request(TestSpec.locked().label(TEAM, team));
            TestRequest names = cluster.request(TestSpec.locked().names(named.toArray(Tenant[]::new)));
            tenants.forEach(Tenant::awaitLocked);
            named.forEach(Tenant::awaitLocked);
            Tenant later = member();
            later.awaitLocked();
            simulated.compact();
            later.label(TEAM, null);
            later.awaitUnlocked();
            names.action("active");
            selector.delete();
            tenants.forEach(Tenant::awaitUnlocked);
            named.forEach(Tenant::awaitUnlocked);
            selector.awaitGone();
            names.awaitApplied();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500})
    void whatIsHeldIsLeftAloneUntilTheRequestsCanBeListed(int code) throws Exception {
        KubeSim simulated = simulated();
        Tenant named = cluster.tenant();
        Tenant selected = member();
        TestRequest names;
        TestRequest selector;
        try (BlockController _ = TestController.start(cluster)) {
            names = cluster.request(TestSpec.locked().names(named));
            selector = cluster.request(TestSpec.locked().label(TEAM, team));
            names.awaitApplied();
            selector.awaitApplied();
        }
        String quotas = named.quotaUid() + selected.quotaUid();
        selected.status("active");
        String versions = named.resourceVersion() + selected.resourceVersion();
        simulated
                .faults()
                .set(
                        1,
                        List.of(Fault.of(Fault.Effect.STATUS)
                                .on("list", "blockrequests")
                                .withStatus(code, 0)));
        try (BlockController controller = TestController.start(cluster)) {
            Tenant labelled = cluster.tenant();
            labelled.status("locked");
            labelled.awaitLocked();
            labelled.awaitEvent("Locked");
            Eventually.holds(controller::idle);
            assertThat(named.resourceVersion() + selected.resourceVersion()).isEqualTo(versions);

            simulated.faults().clear();
            Eventually.equal("locked", () -> selected.label(Names.STATUS_LABEL));
            names.awaitApplied();
            selector.awaitApplied();
            assertThat(named.quotaUid() + selected.quotaUid()).isEqualTo(quotas);
            names.delete();
            names.awaitGone();
            named.awaitUnlocked();
        }
    }

    @Test
    void withoutTheDefinitionLabelsWorkWhatIsHeldIsLeftAloneAndItIsPickedUpLater() throws Exception {
        simulated();
        try (TestCluster bare = TestCluster.open();
                Logged log = new Logged(BlockRequests.class)) {
            Tenant labelled = bare.tenant();
            labelled.deployment("web", 1);
            Tenant held = bare.tenant();
            held.deployment("web", 1);
            try (BlockController _ = TestController.start(bare)) {
                held.status("locked");
                held.awaitLocked();
            }
            held.annotate(Names.HELD_BY, "x/y");
            held.status("active");
            String version = held.resourceVersion();
            try (BlockController controller = TestController.start(bare)) {
                labelled.status("locked");
                labelled.awaitLocked();
                labelled.status(null);
                labelled.awaitUnlocked();
                Eventually.holds(controller::idle);
                assertThat(held.resourceVersion()).isEqualTo(version);
                assertThat(held.quotaStands()).isTrue();
                assertThat(log.lines())
                        .filteredOn(line -> line.startsWith("WARN this cluster has no BlockRequests"))
                        .as("one for each start")
                        .hasSize(2);

                bare.installRequests();
                TestRequest request = bare.request(TestSpec.locked().names(labelled));
                request.awaitApplied();
                labelled.awaitLocked();
                held.awaitUnlocked();
                assertThat(held.annotation(Names.HELD_BY)).isNull();
            }
        }
    }

    @Test
    void aDryRunWritesNothing() throws Exception {
        Tenant named = cluster.tenant();
        named.deployment("web", 1);
        Tenant selected = member();
        TestRequest names = cluster.request(TestSpec.locked().names(named).reason("dry"));
        TestRequest selector = cluster.request(TestSpec.locked().label(TEAM, team));
        String before = named.resourceVersion() + selected.resourceVersion() + names.get() + selector.get();
        SortedMap<String, String> objects = named.objects();
        try (BlockController controller = TestController.start(cluster, "--dry-run")) {
            Eventually.holds(controller::idle);
            // What matches a selector is known once the feed has widened.
            Tenant later = member();
            Eventually.holds(controller::idle);
            assertThat(later.marks()).isEmpty();
        }
        assertThat(named.resourceVersion() + selected.resourceVersion() + names.get() + selector.get())
                .isEqualTo(before);
        assertThat(named.objects()).isEqualTo(objects);
    }

    @Test
    void aHeldNamespaceWhoseLockHasRunOutIsDeleted() throws Exception {
        Tenant tenant = cluster.tenant();
        try (BlockController _ = TestController.start(cluster)) {
            TestRequest request =
                    cluster.request(TestSpec.locked().names(tenant).lockDuration("24h"));
            request.awaitApplied();
            tenant.annotate(Names.UNLOCK_TIMESTAMP, LONG_AGO);
            tenant.awaitGone();
            request.awaitPartlyFailed();
            assertThat(request.exists()).isTrue();
        }
    }

    @Test
    void withUnlockAsExpirationActionAHeldNamespaceStaysLockedWithAWarning() throws Exception {
        Tenant tenant = cluster.tenant();
        try (BlockController _ = TestController.start(cluster, "--expiration-action=unlock")) {
            TestRequest request = cluster.request(TestSpec.locked().names(tenant));
            request.awaitApplied();
            String quota = tenant.quotaUid();
            tenant.annotate(Names.UNLOCK_TIMESTAMP, LONG_AGO);
            tenant.awaitEvent("LockIsHeld");
            assertThat(tenant.events("LockIsHeld")).allMatch(message -> message.startsWith("Warning: "));
            assertThat(tenant.label(Names.STATUS_LABEL)).isEqualTo("locked");
            assertThat(tenant.quotaUid()).isEqualTo(quota);
            assertThat(request.counts()).isEqualTo(new Counts(1, 1, 0, 1));

            // It is guarded as before.
            cluster.client()
                    .resourceQuotas()
                    .inNamespace(tenant.name())
                    .withName(Names.QUOTA)
                    .delete();
            Eventually.holds(tenant::quotaStands);
        }
    }

    @Test
    void aNamespaceThatIsReleasedAfterItsLockRanOutIsOpenedAndNotDeleted() throws Exception {
        Tenant tenant = cluster.tenant();
        TestRequest request;
        try (BlockController _ = TestController.start(cluster)) {
            request = cluster.request(TestSpec.locked().names(tenant));
            request.awaitApplied();
        }
        tenant.annotate(Names.UNLOCK_TIMESTAMP, LONG_AGO);
        request.delete();
        try (BlockController _ = TestController.start(cluster)) {
            request.awaitGone();
            tenant.awaitUnlocked();
            assertThat(tenant.lives()).isTrue();
        }
    }

    private KubeSim simulated() {
        assumeThat(cluster.simulated())
                .as("only the embedded cluster has faults on demand")
                .isPresent();
        return cluster.simulated().orElseThrow();
    }
}
