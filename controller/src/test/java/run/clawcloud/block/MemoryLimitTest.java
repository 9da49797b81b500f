package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;

/** A process that really uses up its memory: it begins nothing, says so, and forgets nothing. */
class MemoryLimitTest {

    private static final int LIMIT_MB = 512;

    @TempDir
    private Path directory = Path.of(".");

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void atTheLimitNothingIsBegunAndBelowItEverythingIs() throws Exception {
        Path ballast = Files.createFile(directory.resolve("ballast"));
        try (TestCluster cluster = TestCluster.open()) {
            assumeThat(cluster.simulated())
                    .as("only the embedded cluster counts requests")
                    .isPresent();
            KubeSim simulated = cluster.simulated().orElseThrow();
            List<Tenant> tenants = List.of(cluster.tenant(), cluster.tenant(), cluster.tenant());
            for (Tenant tenant : tenants) {
                tenant.deployment("web", 1);
            }
            int metrics = FreePort.next();
            int health = FreePort.next();
            try (ControllerProcess controller = ControllerProcess.start(
                    Loaded.class,
                    ballast.toString(),
                    "--max-memory-mb=" + LIMIT_MB,
                    "--metrics-bind-address=127.0.0.1:" + metrics,
                    "--health-probe-bind-address=127.0.0.1:" + health,
                    "--kubeconfig=" + cluster.kubeconfig())) {
                Eventually.holds(() -> said(controller, "no new work is taken until there is room"));
                Eventually.holds(() -> get(health, "/readyz").contains("[+]feed ok"));

                for (Tenant tenant : tenants) {
                    tenant.status("locked");
                }
                Eventually.holds(() -> metric(metrics, "queue_depth{priority=\"live\"}") == tenants.size());

                assertThat(simulated.requests().count("create", "resourcequotas"))
                        .isZero();
                assertThat(tenants)
                        .allSatisfy(tenant ->
                                assertThat(tenant.label(Names.APPLIED_LABEL)).isNull());
                assertThat(metric(metrics, "intake_ratio")).isZero();
                assertThat(metric(metrics, "memory_bytes{area=\"rss\"}"))
                        .isGreaterThanOrEqualTo(metric(metrics, "memory_limit_bytes"));
                assertThat(get(health, "/readyz"))
                        .contains("[-]memory failed: ", " of " + LIMIT_MB + " MB are in use", "no new work is taken");
                assertThat(get(health, "/livez")).isEqualTo("ok");

                Files.delete(ballast);
                for (Tenant tenant : tenants) {
                    tenant.awaitLocked();
                    tenant.awaitNoPods();
                }
                Eventually.holds(() -> said(controller, "work goes on as usual"));
                assertThat(metric(metrics, "intake_ratio")).isEqualTo(1);
                assertThat(get(health, "/readyz")).isEqualTo("ok");
                assertThat(get(health, "/readyz?verbose")).contains("[+]memory ok: ");
            }
        }
    }

    /** A controller whose process has something else in its memory, for as long as a file is there. */
    static final class Loaded {
        private static final Arena BALLAST = Arena.ofShared();

        private Loaded() {}

        public static void main(String[] args) {
            Path ballast = Path.of(args[0]);
            MemorySegment segment = BALLAST.allocate((long) LIMIT_MB << 20);
            segment.fill((byte) 1);
            Thread.ofPlatform().daemon().start(() -> {
                await().forever().until(() -> Files.notExists(ballast));
                BALLAST.close();
            });
            Main.main(List.of(args).subList(1, args.length).toArray(String[]::new));
        }
    }

    private static boolean said(ControllerProcess controller, String text) throws IOException {
        return controller.said().stream().anyMatch(line -> line.contains(text));
    }

    /** The value of the controller's metric of this name; negative if it tells none. */
    private double metric(int port, String name) throws InterruptedException {
        return get(port, "/metrics")
                .lines()
                .filter(line -> line.startsWith("block_controller_" + name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElse(-1);
    }

    /** What it answers; nothing while it does not listen yet. */
    private String get(int port, String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        }
    }
}
