package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;

/** What {@code /metrics} says of what happens. With {@code -Dkubeconfig=FILE} on a real cluster. */
class MetricsTest {

    private final int port = FreePort.next();
    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = TestCluster.openWithRequests();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private BlockController start(String... flags) throws Exception {
        List<String> all = new ArrayList<>(List.of(flags));
        all.add("--metrics-bind-address=127.0.0.1:" + port);
        return TestController.start(cluster, all.toArray(String[]::new));
    }

    private double value(String series) {
        return MetricsPage.read(port).value(series);
    }

    private void awaitValue(double expected, String series) {
        Eventually.equal(expected, () -> value(series));
    }

    private KubeSim simulated() {
        assumeThat(cluster.simulated())
                .as("only the embedded cluster has faults on demand")
                .isPresent();
        return cluster.simulated().orElseThrow();
    }

    @Test
    void aLockAndAnUnlockAreCountedAndTimed() throws Exception {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 1);
        try (BlockController _ = start()) {
            assertThat(value("reconcile_total{flow=\"lock\",result=\"done\"}")).isZero();
            assertThat(value("lock_latency_seconds_count")).isZero();
            double locked = value("namespaces{state=\"locked\"}");

            tenant.status("locked");
            tenant.awaitLocked();
            awaitValue(1, "reconcile_total{flow=\"lock\",result=\"done\"}");
            awaitValue(1, "lock_latency_seconds_count");
            awaitValue(locked + 1, "namespaces{state=\"locked\"}");
            MetricsPage page = MetricsPage.read(port);
            assertThat(page.value("reconcile_duration_seconds_count{flow=\"lock\"}"))
                    .isEqualTo(1);
            // What it took is a part of what somebody waited.
            assertThat(page.value("reconcile_duration_seconds_sum{flow=\"lock\"}"))
                    .isPositive()
                    .isLessThanOrEqualTo(page.value("lock_latency_seconds_sum"));
            assertThat(page.value("queue_wait_seconds_count{priority=\"live\"}"))
                    .isPositive();
            assertThat(page.value("queue_depth{priority=\"live\"}")).isZero();

            tenant.status("active");
            tenant.awaitUnlocked();
            awaitValue(1, "reconcile_total{flow=\"unlock\",result=\"done\"}");
            awaitValue(locked, "namespaces{state=\"locked\"}");
            // A lock's wait ends with the lock.
            assertThat(value("lock_latency_seconds_count")).isEqualTo(1);
        }
    }

    @Test
    void whatIsFoundAtStartIsNothingThatSomebodyWaitsFor() throws Exception {
        Tenant tenant = cluster.tenant();
        tenant.status("locked");
        try (BlockController _ = start()) {
            tenant.awaitLocked();
            awaitValue(1, "reconcile_total{flow=\"lock\",result=\"done\"}");
            assertThat(value("lock_latency_seconds_count")).isZero();
            assertThat(value("queue_wait_seconds_count{priority=\"backlog\"}")).isPositive();
        }
    }

    @Test
    void whatRunsOutNextIsToldAndWhatWasDeletedIsCounted() throws Exception {
        Instant soon = Instant.now().plus(Duration.ofHours(23)).truncatedTo(ChronoUnit.SECONDS);
        Tenant tenant = cluster.tenant();
        Tenant later = cluster.tenant();
        try (BlockController _ = start()) {
            assertThat(value("next_expiry_timestamp_seconds")).isNegative();
            tenant.annotate(Names.UNLOCK_TIMESTAMP, soon.toString());
            later.annotate(
                    Names.UNLOCK_TIMESTAMP, soon.plus(Duration.ofHours(2)).toString());
            tenant.status("locked");
            later.status("locked");
            awaitValue(2, "namespaces{state=\"locked\"}");
            assertThat(value("expiring_24h")).isEqualTo(1);
            assertThat(value("next_expiry_timestamp_seconds")).isEqualTo((double) soon.getEpochSecond());
            assertThat(value("deletions_total")).isZero();

            tenant.annotate(Names.UNLOCK_TIMESTAMP, "2020-01-01T00:00:00Z");
            tenant.awaitGone();
            awaitValue(1, "deletions_total");
            awaitValue(1, "reconcile_total{flow=\"expire\",result=\"done\"}");
            awaitValue(0, "expiring_24h");
        }
    }

    @Test
    void whatBlockRequestsWantIsCountedAndSoIsWhatTheFilterDrops() throws Exception {
        Tenant tenant = cluster.tenant();
        Tenant stranger = cluster.tenant();
        try (BlockController _ = start()) {
            TestRequest request = cluster.request(TestSpec.locked().label("metrics-test", "locked"));
            tenant.label("metrics-test", "locked");
            tenant.awaitLocked();
            awaitValue(1, "reconcile_total{flow=\"hold\",result=\"done\"}");
            Eventually.holds(() -> value("reconcile_total{flow=\"report\",result=\"done\"}") >= 1);
            assertThat(value("reconcile_duration_seconds_count{flow=\"hold\"}")).isEqualTo(1);
            request.awaitApplied();

            // All namespaces are watched now.
            MetricsPage before = MetricsPage.read(port);
            stranger.annotate("note", "one");
            stranger.annotate("note", "two");
            Eventually.holds(() -> value("events_total{outcome=\"dropped\"}")
                    >= before.value("events_total{outcome=\"dropped\"}") + 2);
            assertThat(value("events_total{outcome=\"seen\"}"))
                    .isGreaterThanOrEqualTo(before.value("events_total{outcome=\"seen\"}") + 2)
                    .isGreaterThan(value("events_total{outcome=\"dropped\"}"));
        }
    }

    @ParameterizedTest
    @CsvSource({"500, server_error", "403, forbidden", "422, invalid", "400, refused"})
    void aRefusedWriteIsCountedAsRequestAsFailureAndAsError(int code, String reason) throws Exception {
        KubeSim simulated = simulated();
        Tenant tenant = cluster.tenant();
        try (BlockController _ = start()) {
            simulated
                    .faults()
                    .set(
                            1,
                            List.of(Fault.of(Fault.Effect.STATUS)
                                    .on("create", "resourcequotas")
                                    .withStatus(code, 0)
                                    .times(1)));
            tenant.status("locked");
            awaitValue(1, "errors_total{reason=\"" + reason + "\"}");
            tenant.awaitLocked();
            awaitValue(1, "reconcile_total{flow=\"lock\",result=\"done\"}");
            MetricsPage page = MetricsPage.read(port);
            assertThat(page.value("reconcile_total{flow=\"lock\",result=\"failed\"}"))
                    .isEqualTo(1);
            assertThat(page.value(
                            "api_requests_total{code=\"" + code + "\",resource=\"resourcequotas\",verb=\"create\"}"))
                    .isEqualTo(1);
            assertThat(page.value("api_requests_total{code=\"201\",resource=\"resourcequotas\",verb=\"create\"}"))
                    .isEqualTo(1);
            // Both of them, and Events.
            assertThat(page.value("api_request_duration_seconds_count{verb=\"create\"}"))
                    .isGreaterThanOrEqualTo(2);
            assertThat(page.value("queue_wait_seconds_count{priority=\"retry\"}"))
                    .isEqualTo(1);
            // Both tries, and the pause between them.
            assertThat(page.value("lock_latency_seconds_count")).isEqualTo(1);
            assertThat(page.value("lock_latency_seconds_sum"))
                    .isGreaterThan(page.value("reconcile_duration_seconds_sum{flow=\"lock\"}"));
        }
    }

    @Test
    void whatWaitsForAWorkerIsTold() throws Exception {
        KubeSim simulated = simulated();
        List<Tenant> tenants = Stream.generate(cluster::tenant).limit(3).toList();
        try (BlockController _ = start("--max-concurrent-reconciles=1")) {
            simulated.faults().set(1, List.of(Fault.of(Fault.Effect.STALL).on("create", "resourcequotas")));
            tenants.forEach(tenant -> tenant.status("locked"));
            awaitValue(2, "queue_depth{priority=\"live\"}");
            assertThat(value("namespaces{state=\"locking\"}")).isEqualTo(3);
            simulated.faults().clear();
            tenants.forEach(Tenant::awaitLocked);
            awaitValue(0, "queue_depth{priority=\"live\"}");
            awaitValue(3, "lock_latency_seconds_count");
        }
    }

    @Test
    void watchesThatBeginAnewAreCountedByTheirReason() throws Exception {
        KubeSim simulated = simulated();
        simulated
                .faults()
                .set(
                        1,
                        List.of(
                                Fault.of(Fault.Effect.EXPIRE_WATCH)
                                        .on("watch", "namespaces")
                                        .afterEvents(1)
                                        .times(1),
                                Fault.of(Fault.Effect.CUT_WATCH)
                                        .on("watch", "blockrequests")
                                        .afterEvents(1)
                                        .times(1)));
        Tenant tenant = cluster.tenant();
        try (BlockController _ = start()) {
            assertThat(value("feed_restarts_total{feed=\"namespaces\",reason=\"gone\"}"))
                    .isZero();
            cluster.request(TestSpec.locked().names(tenant));
            tenant.awaitLocked();
            awaitValue(1, "feed_restarts_total{feed=\"blockrequests\",reason=\"failed\"}");
            awaitValue(1, "feed_restarts_total{feed=\"namespaces\",reason=\"gone\"}");
            assertThat(value("feed_restarts_total{feed=\"namespaces\",reason=\"failed\"}"))
                    .isZero();
            MetricsPage page = MetricsPage.read(port);
            for (String feed : List.of("namespaces", "blockrequests", "quotas")) {
                assertThat(page.value("feed_lag_seconds{feed=\"" + feed + "\"}"))
                        .isNotNegative();
            }
        }
    }

    @Test
    void aDefinitionThatIsNotInstalledIsNoWatchThatFailsAgainAndAgain() throws Exception {
        cluster.close();
        cluster = TestCluster.open();
        simulated();
        try (BlockController _ = start()) {
            Eventually.holds(() -> value(
                            "api_requests_total{code=\"404\",resource=\"blockrequests.core.clawcloud.run\",verb=\"list\"}")
                    >= 3);

            assertThat(value("feed_restarts_total{feed=\"blockrequests\",reason=\"failed\"}"))
                    .isOne();
        }
    }

    @Test
    void theProcessTellsOfItself() throws Exception {
        try (BlockController _ = start("--max-memory-mb=2000")) {
            MetricsPage page = MetricsPage.read(port);
            assertThat(page.value("memory_limit_bytes")).isEqualTo(2000 << 20);
            for (String area : List.of("rss", "heap", "heap_needed", "index")) {
                assertThat(page.value("memory_bytes{area=\"" + area + "\"}")).isNotNegative();
            }
            assertThat(page.value("memory_bytes{area=\"rss\"}"))
                    .isGreaterThan(page.value("memory_bytes{area=\"index\"}"));
            assertThat(page.value("intake_ratio")).isBetween(0.0, 1.0);
            assertThat(page.value("threads")).isPositive();
            assertThat(page.value("leader")).isEqualTo(1);
            assertThat(page.value("build_info{version=\"" + Version.current() + "\"}"))
                    .isEqualTo(1);
            assertThat(page.types())
                    .containsKeys("jvm_gc_collection_seconds", "jvm_memory_used_bytes", "process_cpu_seconds_total");
        }
    }
}
