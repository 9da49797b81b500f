package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.api.Names;

/** Lock, then unlock, as a user sees it. With {@code -Dkubeconfig=FILE} on a real cluster. */
class LockAndUnlockTest {

    private static final String DEPLOYMENTS = "apis/apps/v1/%s/deployments";
    private static final String REPLICA_SETS = "apis/apps/v1/%s/replicasets";
    private static final String CRON_JOBS = "apis/batch/v1/%s/cronjobs";
    private static final String JOBS = "apis/batch/v1/%s/jobs";

    private static TestCluster cluster;
    private static BlockController controller;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.open();
        controller = TestController.start(cluster);
    }

    @AfterAll
    static void stop() {
        controller.close();
        cluster.close();
    }

    @Test
    void everyObjectIsAsItWasAfterLockAndUnlock() {
        Tenant tenant = cluster.tenant();
        tenant.everyKind();
        SortedMap<String, String> before = tenant.objects();

        tenant.status("locked");
        tenant.awaitLocked();
        tenant.awaitNoPods();
        assertThat(tenant.quotaStands()).isTrue();
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isZero();
        assertThat(tenant.replicas("apis/apps/v1/%s/statefulsets", "db")).isZero();
        assertThat(tenant.replicas(REPLICA_SETS, "cache")).isZero();
        assertThat(tenant.replicas("api/v1/%s/replicationcontrollers", "legacy"))
                .isZero();
        assertThat(tenant.object(JOBS, "import").at("/spec/suspend").asBoolean())
                .isTrue();
        assertThat(tenant.object(CRON_JOBS, "report").at("/spec/suspend").asBoolean())
                .isTrue();

        tenant.status("active");
        tenant.awaitUnlocked();
        tenant.awaitPods("web", 3);
        assertThat(tenant.objects()).isEqualTo(before);
        assertThat(tenant.label(Names.STATUS_LABEL)).isEqualTo("active");
    }

    @Test
    void aLockTakesTenRequestsAndOneForEachObjectAnUnlockNine() {
        assumeThat(cluster.simulated())
                .as("only the embedded cluster counts requests")
                .isPresent();
        var requests = cluster.simulated().orElseThrow().requests();
        Tenant tenant = cluster.tenant();
        tenant.everyKind();
        tenant.barePod("debug");

        RequestCount before = RequestCount.of(requests);
        tenant.status("locked");
        tenant.awaitLocked();
        tenant.awaitEvent("Locked");
        // web, db, cache, legacy, import, report; the bare pod, and the DaemonSet's pod.
        assertThat(RequestCount.of(requests).since(before))
                .as("%s", requests.toJson())
                .isEqualTo(10 + 8);
        tenant.awaitNoPods();

        RequestCount locked = RequestCount.of(requests);
        tenant.status("active");
        tenant.awaitUnlocked();
        tenant.awaitEvent("Unlocked");
        // web, db, cache, legacy, import, report, and the note's copy on the ReplicaSet of web.
        assertThat(RequestCount.of(requests).since(locked)).isLessThanOrEqualTo(9 + 7);
    }

    @Test
    void removingTheLabelUnlocks() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        tenant.status("locked");
        tenant.awaitLocked();
        tenant.status(null);
        tenant.awaitUnlocked();
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isEqualTo(2);
        assertThat(tenant.quotaStands()).isFalse();
    }

    @Test
    void theLockRunsOutAfterTheDefaultLengthOrTheNamespacesOwn() {
        Instant begin = Instant.now();
        Tenant byDefault = cluster.tenant();
        byDefault.status("locked");
        Tenant ninetyMinutes = cluster.tenant();
        ninetyMinutes.annotate(Names.LOCK_DURATION, "90m");
        ninetyMinutes.status("locked");
        Tenant permanent = cluster.tenant();
        permanent.annotate(Names.LOCK_DURATION, "permanent");
        permanent.status("locked");

        byDefault.awaitLocked();
        ninetyMinutes.awaitLocked();
        permanent.awaitLocked();
        assertThat(Instant.parse(byDefault.annotation(Names.UNLOCK_TIMESTAMP)))
                .isBetween(begin.plus(Duration.ofHours(168)).minusSeconds(1), begin.plus(Duration.ofHours(169)));
        assertThat(Instant.parse(ninetyMinutes.annotation(Names.UNLOCK_TIMESTAMP)))
                .isBetween(begin.plus(Duration.ofMinutes(90)).minusSeconds(1), begin.plus(Duration.ofMinutes(150)));
        assertThat(permanent.annotation(Names.UNLOCK_TIMESTAMP)).isNull();
    }

    @Test
    void aLockLengthThatCantBeReadGivesAWarningAndTheDefault() {
        Tenant tenant = cluster.tenant();
        tenant.annotate(Names.LOCK_DURATION, "soon");
        tenant.status("locked");
        tenant.awaitLocked();
        tenant.awaitEvent("LockDurationUnreadable");
        assertThat(tenant.annotation(Names.UNLOCK_TIMESTAMP)).isNotNull();
    }

    @Test
    void aTimestampThatStandsIsKept() {
        Tenant tenant = cluster.tenant();
        tenant.annotate(Names.UNLOCK_TIMESTAMP, "2099-01-01T00:00:00+01:00");
        tenant.status("locked");
        tenant.awaitLocked();
        assertThat(tenant.annotation(Names.UNLOCK_TIMESTAMP)).isEqualTo("2099-01-01T00:00:00+01:00");
    }

    @Test
    void replicasThatSomebodySetMeanwhileAreKept() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        tenant.status("locked");
        tenant.awaitLocked();
        tenant.awaitNoPods();
        tenant.patch(DEPLOYMENTS + "/web", "{\"spec\":{\"replicas\":5}}");
        tenant.status("active");
        tenant.awaitUnlocked();
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isEqualTo(5);
        assertThat(tenant.object(DEPLOYMENTS, "web").at("/metadata/annotations").toString())
                .doesNotContain(Names.ORIGINAL_REPLICAS);
    }

    @Test
    void aWorkloadScaledUpWhileLockedIsScaledDownAgainAndTheNewerValueNoted() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        tenant.status("locked");
        tenant.awaitLocked();
        tenant.patch(DEPLOYMENTS + "/web", "{\"spec\":{\"replicas\":4}}");
        // A lock is looked at again when its quota is gone.
        cluster.client()
                .resourceQuotas()
                .inNamespace(tenant.name())
                .withName(Names.QUOTA)
                .delete();
        Eventually.holds(() -> tenant.replicas(DEPLOYMENTS, "web") == 0 && tenant.quotaStands());
        tenant.awaitLocked();
        tenant.status("active");
        tenant.awaitUnlocked();
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isEqualTo(4);
    }

    @Test
    void aNoteThatCantBeReadIsReportedAndTheRestRestored() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        tenant.deployment("worker", 1);
        tenant.status("locked");
        tenant.awaitLocked();
        tenant.patch(
                DEPLOYMENTS + "/web",
                "{\"metadata\":{\"annotations\":{\"" + Names.ORIGINAL_REPLICAS + "\":\"many\"}}}");
        tenant.status("active");
        tenant.awaitUnlocked();
        tenant.awaitEvent("NoteUnreadable");
        assertThat(tenant.replicas(DEPLOYMENTS, "worker")).isEqualTo(1);
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isZero();
        assertThat(tenant.object(DEPLOYMENTS, "web").toString()).contains("\"many\"");
    }

    @Test
    void whatTheGoControllerLockedIsTakenOverAndUnlocksToWhatItNoted() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 0);
        tenant.patch(
                DEPLOYMENTS + "/web", "{\"metadata\":{\"annotations\":{\"" + Names.ORIGINAL_REPLICAS + "\":\"3\"}}}");
        tenant.annotate(Names.UNLOCK_TIMESTAMP, "2099-01-01T00:00:00Z");
        tenant.status("locked");
        tenant.awaitLocked();
        assertThat(tenant.annotation(Names.UNLOCK_TIMESTAMP)).isEqualTo("2099-01-01T00:00:00Z");
        tenant.status("active");
        tenant.awaitUnlocked();
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isEqualTo(3);
    }

    @Test
    void anActiveNamespaceWithATimestampCountsAsApplied() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 0);
        tenant.patch(
                DEPLOYMENTS + "/web", "{\"metadata\":{\"annotations\":{\"" + Names.ORIGINAL_REPLICAS + "\":\"2\"}}}");
        tenant.annotate(Names.UNLOCK_TIMESTAMP, "2099-01-01T00:00:00Z");
        tenant.status("active");
        tenant.awaitUnlocked();
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isEqualTo(2);
    }

    @Test
    void theLastOfManyFlipsWins() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        SortedMap<String, String> before = tenant.objects();
        for (int i = 0; i < 10; i++) {
            tenant.status("locked");
            tenant.status("active");
        }
        tenant.awaitUnlocked();
        Eventually.equal(before, tenant::objects);
        for (int i = 0; i < 10; i++) {
            tenant.status("active");
            tenant.status("locked");
        }
        tenant.awaitLocked();
        tenant.awaitNoPods();
        assertThat(tenant.quotaStands()).isTrue();
    }

    @Test
    void anUnknownStatusGivesAWarningAndChangesNothing() {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 1);
        SortedMap<String, String> before = tenant.objects();
        tenant.status("frozen");
        tenant.awaitEvent("UnknownStatus");
        assertThat(tenant.objects()).isEqualTo(before);
        assertThat(tenant.label(Names.APPLIED_LABEL)).isNull();
    }

    @Test
    void aFinishedPodIsLeft() {
        Tenant tenant = cluster.tenant();
        tenant.barePod("once");
        tenant.patch("api/v1/%s/pods/once/status", "{\"status\":{\"phase\":\"Succeeded\"}}");
        tenant.barePod("debug");
        tenant.status("locked");
        tenant.awaitLocked();
        Eventually.holds(() -> tenant.livePods("app=debug").isEmpty());
        assertThat(tenant.livePods("app=once")).hasSize(1);
    }
}
