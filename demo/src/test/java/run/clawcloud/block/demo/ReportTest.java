package run.clawcloud.block.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.harness.Latencies;
import run.clawcloud.block.harness.Requests;
import tools.jackson.databind.JsonNode;

class ReportTest {
    private static Report report(List<String> failures) {
        Map<String, Duration> phases = new LinkedHashMap<>();
        phases.put("start cluster", Duration.ofMillis(1234));
        phases.put("lock", Duration.ofMillis(5678));
        Map<String, Requests> requests = new LinkedHashMap<>();
        requests.put(
                Report.LOCK,
                new Requests(new TreeMap<>(Map.of(
                        "patch deployments", 400L,
                        "list pods", 200L,
                        "create events", 200L,
                        "list namespaces", 1L,
                        "watch namespaces", 1L,
                        "patch blockrequests/status", 4L))));
        requests.put(Report.UNLOCK, new Requests(new TreeMap<>(Map.of("patch deployments", 420L))));
        return new Report(
                new Options(1000, 200, 20, false, Duration.ofSeconds(60)),
                1004,
                12_345,
                new Census(new TreeMap<>(Map.of(Kind.DEPLOYMENT, 400, Kind.CRON_JOB, 200)), 1_800, 1_000),
                1_100,
                phases,
                new Latencies(List.of(Duration.ofMillis(20), Duration.ofMillis(1_040))),
                LockRequest.forAll(
                        IntStream.range(0, 200).mapToObj(i -> "ns-" + i).toList()),
                requests,
                98_765_432,
                failures);
    }

    @Test
    void showsEveryFigureInTheTable() {
        assertThat(report(List.of()).toTable().lines())
                .contains(
                        "namespaces                      1,004    pods in them           12,345",
                        "locked and unlocked               200    expired                    20",
                        "  by a selector                   100    by name                   100",
                        "workloads locked                  600    pods locked             1,800",
                        "  Deployment                      400",
                        "start cluster                   1.2 s",
                        "  p50                           20 ms",
                        "  p99                        1,040 ms",
                        "  patch deployments                         400        420          0",
                        "  all                                       806        420          0",
                        "  for many namespaces, and events           206          0          0",
                        "  of one namespace, without these           3.0        2.1        0.0",
                        "    less its label: 1 get, 1 patch          1.0        0.1",
                        "  objects to change in it                   5.0        5.5",
                        "controller RSS                  99 MB",
                        "Every check held.");
        assertThat(report(List.of("a", "b")).toTable()).endsWith("Checks that did not hold: 2");
    }

    @Test
    void saysTheSameAsJson() {
        JsonNode json = report(List.of("Pod a/b is still there")).toJson();
        assertThat(json.path("held").asBoolean(true)).isFalse();
        assertThat(json.path("namespaces").asInt(0)).isEqualTo(1004);
        assertThat(json.path("lockedWorkloads").path("CronJob").asInt(0)).isEqualTo(200);
        assertThat(json.path("phaseSeconds").path("lock").asDouble(0)).isEqualTo(5.678);
        assertThat(json.path("lockLatencyMillis").path("p99").asDouble(0)).isEqualTo(1040);
        assertThat(json.path("requests").path("lock").path("list pods").asInt(0))
                .isEqualTo(200);
        assertThat(json.path("lockedBySelector").asInt(0)).isEqualTo(100);
        assertThat(json.path("requestsPerLock").asDouble(0)).isEqualTo(3);
        assertThat(json.path("requestsPerLockWithoutLabel").asDouble(0)).isEqualTo(1);
        assertThat(json.path("requestsPerUnlock").asDouble(0)).isEqualTo(2.1);
        assertThat(json.path("failures").path(0).asString("")).isEqualTo("Pod a/b is still there");
    }

    @Test
    void showsTwentyFailuresAndCountsTheRest() {
        List<String> many = IntStream.range(0, 25).mapToObj(i -> "failure " + i).toList();
        assertThat(report(many).failureLines())
                .hasSize(21)
                .startsWith("failure 0")
                .endsWith("and 5 more");
        assertThat(report(many.subList(0, 20)).failureLines()).hasSize(20).endsWith("failure 19");
    }
}
