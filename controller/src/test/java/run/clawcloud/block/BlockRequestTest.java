package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.TestRequest.Counts;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.http.Fault;

/** BlockRequests that name their namespaces, as a user sees them. With {@code -Dkubeconfig=FILE} on a real cluster. */
class BlockRequestTest {

    private static final String DEPLOYMENTS = "apis/apps/v1/%s/deployments";

    private static TestCluster cluster;
    private static BlockController controller;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.openWithRequests();
        controller = TestController.start(cluster);
    }

    @AfterAll
    static void stop() {
        controller.close();
        cluster.close();
    }

    @Test
    void locksWhatItNamesAndItsDeletionLeavesEveryObjectAsItWas() {
        Tenant first = cluster.tenant();
        first.everyKind();
        Tenant second = cluster.tenant();
        second.deployment("web", 2);
        SortedMap<String, String> firstBefore = first.objects();
        SortedMap<String, String> secondBefore = second.objects();

        TestRequest request = cluster.request(TestSpec.locked().names(first, second));
        request.awaitApplied();
        assertThat(request.ready()).isEqualTo("True Applied: 2 of 2 namespaces are locked");
        assertThat(request.counts()).isEqualTo(new Counts(2, 2, 0, 2));
        assertThat(request.entry(first.name())).isEqualTo("Locked");
        assertThat(request.status().path("selectorContinueToken").asString("?")).isEmpty();
        for (Tenant each : List.of(first, second)) {
            assertThat(each.label(Names.STATUS_LABEL)).isEqualTo("locked");
            assertThat(each.label(Names.APPLIED_LABEL)).isEqualTo("locked");
            assertThat(each.annotation(Names.HELD_BY)).isEqualTo(request.key());
            assertThat(each.quotaStands()).isTrue();
            assertThat(each.replicas(DEPLOYMENTS, "web")).isZero();
            each.awaitNoPods();
        }

        request.delete();
        request.awaitGone();
        first.awaitUnlocked();
        second.awaitUnlocked();
        first.awaitPods("web", 3);
        assertThat(first.objects()).isEqualTo(firstBefore);
        assertThat(second.objects()).isEqualTo(secondBefore);
        assertThat(first.label(Names.STATUS_LABEL)).isEqualTo("active");
        assertThat(first.marks()).isEmpty();
    }

    @Test
    void theReferenceSampleLocksDefaultAndWhatDoesNotExistYet() throws Exception {
        assumeThat(cluster.simulated())
                .as("'default' of a real cluster is not ours")
                .isPresent();
        Tenant other = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names("default", "ns-test"));
        request.awaitPartlyFailed();
        assertThat(request.counts()).isEqualTo(new Counts(2, 1, 1, 2));
        assertThat(request.entry("default")).isEqualTo("Locked");
        assertThat(request.entry("ns-test")).isEqualTo("Failed: does not exist");
        request.delete();
        request.awaitGone();
        other.status("locked");
        other.awaitLocked();
    }

    @Test
    void aNameThatDoesNotExistIsAFailedEntryUntilItAppears() {
        Tenant here = cluster.tenant();
        Tenant later = cluster.nextTenant();
        TestRequest request = cluster.request(TestSpec.locked().names(here, later));
        request.awaitPartlyFailed();
        assertThat(request.ready())
                .isEqualTo("False PartlyFailed: 1 of 2 namespaces are locked, 1 failed: " + later.name()
                        + " does not exist");
        assertThat(request.counts()).isEqualTo(new Counts(2, 1, 1, 2));
        assertThat(request.entry(later.name())).isEqualTo("Failed: does not exist");
        assertThat(request.status().at("/namespaceStatuses/0/namespace").asString())
                .as("failures come first")
                .isEqualTo(later.name());

        cluster.create(later);
        later.awaitLocked();
        request.awaitApplied();
        assertThat(request.counts()).isEqualTo(new Counts(2, 2, 0, 2));
    }

    @Test
    void aNamespaceThatIsDeletedAndMadeAnewIsLockedAgain() {
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        tenant.delete();
        Eventually.holds(() -> tenant.namespace() == null);
        request.awaitPartlyFailed();
        Eventually.equal("Failed: does not exist", () -> request.entry(tenant.name()));

        cluster.create(tenant);
        tenant.awaitLocked();
        request.awaitApplied();
        assertThat(tenant.annotation(Names.HELD_BY)).isEqualTo(request.key());
    }

    @Test
    void itsActionCanBeSwitchedAndSwitchedBack() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        SortedMap<String, String> before = tenant.objects();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();

        request.action("active");
        request.awaitApplied();
        assertThat(request.ready()).isEqualTo("True Applied: 1 of 1 namespaces are active");
        assertThat(request.counts()).isEqualTo(new Counts(1, 0, 0, 1));
        assertThat(request.entry(tenant.name())).isEqualTo("Active");
        assertThat(tenant.label(Names.STATUS_LABEL)).isEqualTo("active");
        assertThat(tenant.marks()).isEmpty();
        assertThat(tenant.objects()).isEqualTo(before);

        request.action("locked");
        request.awaitApplied();
        tenant.awaitLocked();
        assertThat(request.counts()).isEqualTo(new Counts(1, 1, 0, 1));
    }

    @Test
    void activeOpensOnceAndHoldsNothing() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 1);
        tenant.status("locked");
        tenant.awaitLocked();
        TestRequest request = cluster.request(TestSpec.active().names(tenant));
        tenant.awaitUnlocked();
        request.awaitApplied();

        tenant.status("locked");
        tenant.awaitLocked();
        Eventually.equal("Locked", () -> request.entry(tenant.name()));
        assertThat(tenant.label(Names.STATUS_LABEL)).isEqualTo("locked");
        request.delete();
        request.awaitGone();
        assertThat(tenant.label(Names.APPLIED_LABEL)).isEqualTo("locked");
        assertThat(tenant.quotaStands()).isTrue();
    }

    @Test
    void namesThatAreTakenOutAreReleasedAndThoseThatComeInAreLocked() {
        Tenant stays = cluster.tenant();
        Tenant goes = cluster.tenant();
        Tenant comes = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(stays, goes));
        request.awaitApplied();
        String quota = stays.quotaUid();

        request.spec("{\"namespaceNames\":[\"" + stays.name() + "\",\"" + comes.name() + "\"]}");
        comes.awaitLocked();
        goes.awaitUnlocked();
        request.awaitApplied();
        assertThat(request.counts()).isEqualTo(new Counts(2, 2, 0, 2));
        assertThat(request.entry(goes.name())).isEqualTo("none");
        assertThat(goes.label(Names.STATUS_LABEL)).isEqualTo("active");
        assertThat(goes.marks()).isEmpty();
        assertThat(stays.quotaUid()).isEqualTo(quota);
    }

    @Test
    void theFinalizerIsThereAndGoesOnlyWhenAllIsReleased() throws Exception {
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        assertThat(request.get().at("/metadata/finalizers").toString()).contains(Names.FINALIZER);
        var simulated = cluster.simulated();
        assumeThat(simulated)
                .as("only the embedded cluster has faults on demand")
                .isPresent();
        var faults = simulated.orElseThrow().faults();
        faults.set(
                1,
                List.of(Fault.of(Fault.Effect.STATUS)
                        .on("patch", "namespaces")
                        .named(tenant.name())
                        .withStatus(500, 0)));
        try {
            long patches = simulated.orElseThrow().requests().count("patch", "namespaces");
            request.delete();
            Eventually.holds(() -> simulated.orElseThrow().requests().count("patch", "namespaces") > patches + 1);
            assertThat(request.get().at("/metadata/finalizers").toString()).contains(Names.FINALIZER);
            assertThat(tenant.label(Names.STATUS_LABEL)).isEqualTo("locked");
        } finally {
            faults.clear();
        }
        request.awaitGone();
        tenant.awaitUnlocked();
    }

    @Test
    void foreignFinalizersAreLeft() {
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        cluster.api()
                .patch(
                        request.path(),
                        "{\"metadata\":{\"finalizers\":[\"example.com/keep\",\"" + Names.FINALIZER + "\"]}}")
                .accepted();
        request.delete();
        tenant.awaitUnlocked();
        Eventually.equal(
                "[\"example.com/keep\"]",
                () -> request.get().at("/metadata/finalizers").toString());
        cluster.api().patch(request.path(), "{\"metadata\":{\"finalizers\":null}}");
        request.awaitGone();
    }

    @Test
    void onlyTheLastOfSeveralThatHoldANamespaceReleasesIt() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 1);
        TestRequest first = cluster.request(TestSpec.locked().names(tenant));
        first.awaitApplied();
        TestRequest second = cluster.request(TestSpec.locked().names(tenant));
        second.awaitApplied();
        String quota = tenant.quotaUid();
        List<String> both = List.of(first.key(), second.key());
        assertThat(String.valueOf(tenant.annotation(Names.HELD_BY)).split(","))
                .containsExactlyInAnyOrderElementsOf(both);

        first.delete();
        first.awaitGone();
        Eventually.equal(second.key(), () -> tenant.annotation(Names.HELD_BY));
        assertThat(tenant.label(Names.APPLIED_LABEL)).isEqualTo("locked");
        assertThat(tenant.quotaUid()).isEqualTo(quota);

        second.action("active");
        tenant.awaitUnlocked();
        second.awaitApplied();
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isEqualTo(1);
    }

    @Test
    void lockedWinsAndTheOthersStatusSaysSo() {
        Tenant both = cluster.tenant();
        Tenant alone = cluster.tenant();
        TestRequest locks = cluster.request(TestSpec.locked().names(both));
        locks.awaitApplied();
        String quota = both.quotaUid();
        TestRequest opens = cluster.request(TestSpec.active().names(both, alone));
        opens.awaitPartlyFailed();
        assertThat(opens.entry(both.name())).isEqualTo("Failed: is held by " + locks.key());
        assertThat(opens.entry(alone.name())).isEqualTo("Active");
        assertThat(opens.counts()).isEqualTo(new Counts(2, 0, 1, 2));
        assertThat(both.quotaUid()).isEqualTo(quota);

        locks.delete();
        both.awaitUnlocked();
        opens.awaitApplied();
        assertThat(opens.counts()).isEqualTo(new Counts(2, 0, 0, 2));
    }

    @Test
    void ofTwoThatAreMadeAtTheSameMomentLockedWins() {
        for (int i = 0; i < 5; i++) {
            Tenant tenant = cluster.tenant();
            String names = TestSpec.locked().names(tenant).toString();
            cluster.requestNamespace();
            TestRequest[] made = new TestRequest[2];
            made[0] = cluster.nextRequest();
            made[1] = cluster.nextRequest();
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(() -> made[0].create(names)),
                            CompletableFuture.runAsync(() -> made[1].create(names.replace("locked", "active"))))
                    .join();

            made[0].awaitApplied();
            made[1].awaitPartlyFailed();
            tenant.awaitLocked();
            assertThat(made[1].entry(tenant.name())).isEqualTo("Failed: is held by " + made[0].key());
        }
    }

    /** The quota stays the same one: what is deleted and made again has another uid. */
    @ParameterizedTest
    @ValueSource(strings = {"active", "frozen", "none"})
    void aLabelChangedByHandIsPutBackAndTheNamespaceIsNotOpenedMeanwhile(String value) {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 1);
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        String quota = tenant.quotaUid();
        String timestamp = tenant.annotation(Names.UNLOCK_TIMESTAMP);

        tenant.status(value.equals("none") ? null : value);
        Eventually.equal("locked", () -> tenant.label(Names.STATUS_LABEL));
        request.awaitApplied();
        assertThat(tenant.quotaUid()).isEqualTo(quota);
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isZero();
        assertThat(tenant.annotation(Names.UNLOCK_TIMESTAMP)).isEqualTo(timestamp);
        assertThat(tenant.events("Unlocked")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x/y"})
    void heldByChangedByHandIsPutBack(String value) {
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        String quota = tenant.quotaUid();

        tenant.annotate(Names.HELD_BY, value.isEmpty() ? null : value);
        Eventually.equal(request.key(), () -> tenant.annotation(Names.HELD_BY));
        assertThat(tenant.quotaUid()).isEqualTo(quota);
        assertThat(tenant.label(Names.APPLIED_LABEL)).isEqualTo("locked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "locking", "nonsense"})
    void theMarkChangedByHandIsPutBack(String value) {
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        String quota = tenant.quotaUid();

        tenant.label(Names.APPLIED_LABEL, value.isEmpty() ? null : value);
        tenant.awaitLocked();
        request.awaitApplied();
        assertThat(tenant.quotaUid()).isEqualTo(quota);
        assertThat(tenant.label(Names.STATUS_LABEL)).isEqualTo("locked");
    }

    /** Label and held-by at once, as somebody does who knows both. */
    @Test
    void labelAndHeldByTakenAwayInOneWriteArePutBack() {
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        String quota = tenant.quotaUid();
        cluster.api()
                .patch(
                        "api/v1/namespaces/" + tenant.name(),
                        "{\"metadata\":{\"labels\":{\"" + Names.STATUS_LABEL + "\":null},\"annotations\":{\""
                                + Names.HELD_BY + "\":null}}}")
                .accepted();
        Eventually.equal(request.key(), () -> tenant.annotation(Names.HELD_BY));
        Eventually.equal("locked", () -> tenant.label(Names.STATUS_LABEL));
        assertThat(tenant.quotaUid()).isEqualTo(quota);
    }

    @Test
    void aNamespaceLockedByHandIsTakenOverAndReleased() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        SortedMap<String, String> before = tenant.objects();
        tenant.status("locked");
        tenant.awaitLocked();
        String quota = tenant.quotaUid();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        assertThat(tenant.annotation(Names.HELD_BY)).isEqualTo(request.key());
        assertThat(tenant.quotaUid()).isEqualTo(quota);

        request.delete();
        request.awaitGone();
        tenant.awaitUnlocked();
        assertThat(tenant.objects()).isEqualTo(before);
        assertThat(tenant.marks()).isEmpty();
    }

    @Test
    void reasonAndDurationReachTheNamespaceAndItsEvent() {
        Instant begin = Instant.now();
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(
                TestSpec.locked().names(tenant).reason("invoice 17 is unpaid").lockDuration("90m"));
        request.awaitApplied();
        assertThat(tenant.annotation(Names.LOCK_REASON)).isEqualTo("invoice 17 is unpaid");
        assertThat(tenant.annotation(Names.LOCK_DURATION)).isEqualTo("90m");
        Instant end = Instant.parse(tenant.annotation(Names.UNLOCK_TIMESTAMP));
        assertThat(end).isBetween(begin.plus(Duration.ofMinutes(90)).minusSeconds(1), begin.plus(Duration.ofHours(2)));
        tenant.awaitEvent("Locked");
        assertThat(tenant.events("Locked"))
                .singleElement()
                .asString()
                .startsWith("Locked until " + end)
                .endsWith(" Reason: invoice 17 is unpaid");

        request.delete();
        request.awaitGone();
        tenant.awaitUnlocked();
        assertThat(tenant.marks()).isEmpty();
    }

    @Test
    void aChangedDurationMovesTheEndCountedFromWhenTheNamespaceWasLocked() {
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant).lockDuration("24h"));
        request.awaitApplied();
        Instant lockedAt = Instant.parse(tenant.annotation(Names.LOCKED_AT));
        assertThat(tenant.annotation(Names.UNLOCK_TIMESTAMP))
                .isEqualTo(lockedAt.plus(Duration.ofHours(24)).toString());

        request.spec("{\"lockDuration\":\"7d\",\"reason\":\"longer\"}");
        Eventually.equal(lockedAt.plus(Duration.ofDays(7)).toString(), () -> tenant.annotation(Names.UNLOCK_TIMESTAMP));
        assertThat(tenant.annotation(Names.LOCK_REASON)).isEqualTo("longer");
        request.spec("{\"lockDuration\":\"permanent\"}");
        Eventually.equal(null, () -> tenant.annotation(Names.UNLOCK_TIMESTAMP));
        request.spec("{\"lockDuration\":null}");
        Eventually.equal(lockedAt.plus(Duration.ofDays(7)).toString(), () -> tenant.annotation(Names.UNLOCK_TIMESTAMP));
        assertThat(tenant.annotation(Names.LOCK_DURATION)).isNull();
        assertThat(tenant.annotation(Names.LOCKED_AT)).isEqualTo(lockedAt.toString());
        request.awaitApplied();
        assertThat(request.counts()).isEqualTo(new Counts(1, 1, 0, 1));
    }

    @Test
    void theLongestDurationOfSeveralRequestsCountsAndAllReasonsAreSaid() {
        Tenant tenant = cluster.tenant();
        TestRequest first =
                cluster.request(TestSpec.locked().names(tenant).reason("unpaid").lockDuration("24h"));
        first.awaitApplied();
        Instant lockedAt = Instant.parse(tenant.annotation(Names.LOCKED_AT));
        TestRequest second =
                cluster.request(TestSpec.locked().names(tenant).reason("abuse").lockDuration("7d"));
        second.awaitApplied();
        Eventually.equal(lockedAt.plus(Duration.ofDays(7)).toString(), () -> tenant.annotation(Names.UNLOCK_TIMESTAMP));
        assertThat(tenant.annotation(Names.LOCK_REASON)).contains("unpaid").contains("abuse");

        Instant before = Instant.now();
        second.delete();
        second.awaitGone();
        Eventually.equal("unpaid", () -> tenant.annotation(Names.LOCK_REASON));
        // An end that comes nearer because another request goes is counted anew, or it could lie in the past.
        Instant anew = Instant.parse(tenant.annotation(Names.LOCKED_AT));
        assertThat(anew).isAfterOrEqualTo(before.truncatedTo(ChronoUnit.SECONDS));
        assertThat(tenant.annotation(Names.UNLOCK_TIMESTAMP))
                .isEqualTo(anew.plus(Duration.ofHours(24)).toString());
        assertThat(tenant.label(Names.APPLIED_LABEL)).isEqualTo("locked");
    }

    @Test
    void theNamespacesOwnReasonAndDurationComeBack() {
        Tenant tenant = cluster.tenant();
        tenant.annotate(Names.LOCK_REASON, "its own");
        tenant.annotate(Names.LOCK_DURATION, "36h");
        SortedMap<String, String> before = tenant.marks();
        TestRequest request =
                cluster.request(TestSpec.locked().names(tenant).reason("unpaid").lockDuration("1h"));
        request.awaitApplied();
        assertThat(tenant.annotation(Names.LOCK_REASON)).isEqualTo("unpaid");
        assertThat(tenant.annotation(Names.LOCK_DURATION)).isEqualTo("1h");

        request.delete();
        request.awaitGone();
        tenant.awaitUnlocked();
        assertThat(tenant.marks()).isEqualTo(before);
    }

    @Test
    void aRequestDeletedWhileInProgressLeavesNothingBehind() {
        Map<Tenant, SortedMap<String, String>> before = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            Tenant tenant = cluster.tenant();
            tenant.deployment("web", 1);
            before.put(tenant, tenant.objects());
        }
        TestRequest request =
                cluster.request(TestSpec.locked().names(before.keySet().toArray(Tenant[]::new)));
        Eventually.holds(() -> before.keySet().stream().anyMatch(Tenant::quotaStands));
        request.delete();
        request.awaitGone();
        before.forEach((tenant, objects) -> {
            tenant.awaitUnlocked();
            Eventually.equal(objects, tenant::objects);
            assertThat(tenant.quotaStands()).isFalse();
            assertThat(tenant.marks()).isEmpty();
        });
    }

    @Test
    void aRequestThatIsMadeAnewUnderItsNameHoldsAgain() {
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        request.delete();
        request.awaitGone();
        request.create(TestSpec.locked().names(tenant).toString());
        request.awaitApplied();
        tenant.awaitLocked();
        assertThat(tenant.quotaStands()).isTrue();
    }

    @Test
    void aNamespaceThatIsTerminatingIsLeftAlone() {
        Tenant tenant = cluster.tenant();
        cluster.client()
                .configMaps()
                .inNamespace(tenant.name())
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("keeps-it")
                        .withFinalizers("example.com/keep")
                        .endMetadata()
                        .build())
                .create();
        tenant.delete();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitPartlyFailed();
        assertThat(request.entry(tenant.name())).startsWith("Failed: ");
        assertThat(tenant.marks()).isEmpty();
        assertThat(tenant.quotaStands()).isFalse();
        tenant.patch("api/v1/%s/configmaps/keeps-it", "{\"metadata\":{\"finalizers\":null}}");
        Eventually.holds(() -> tenant.namespace() == null);
        cluster.create(tenant);
        request.awaitApplied();
    }
}
