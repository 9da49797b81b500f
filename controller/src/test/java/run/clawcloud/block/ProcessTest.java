package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The controller as its user meets it: a process with flags, an exit status, a log on stderr, ports and signals. */
class ProcessTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NO_METRICS = "--metrics-bind-address=0";
    private static final String NO_HEALTH = "--health-probe-bind-address=0";

    @TempDir
    private Path directory;

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aKubeconfigThatIsMissing() throws Exception {
        Path missing = directory.resolve("nowhere");

        assertThat(refusal(3, NO_METRICS, NO_HEALTH, "--kubeconfig=" + missing))
                .contains(missing.toString(), "there is no such file", "--kubeconfig");
    }

    @Test
    void aKubeconfigThatIsBroken() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken"), "clusters: [\n");

        assertThat(refusal(3, NO_METRICS, NO_HEALTH, "--kubeconfig=" + broken))
                .contains("the kubeconfig " + broken + " is broken: ");
    }

    @Test
    void aContextThatDoesNotExist() throws Exception {
        Path file = kubeconfig("https://localhost:6443");

        assertThat(refusal(4, NO_METRICS, NO_HEALTH, "--kubeconfig=" + file, "--context=there"))
                .contains(file.toString(), "no context 'there'", "[here]");
    }

    @Test
    void aTokenThatIsRefused() throws Exception {
        try (RefusingServer server = new RefusingServer()) {
            assertThat(refusal(5, NO_METRICS, NO_HEALTH, "--kubeconfig=" + kubeconfig(server.url())))
                    .contains(server.url() + " refuses the credentials", "401", "--kubeconfig");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--metrics-bind-address", "--health-probe-bind-address"})
    void aPortInUse(String flag) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            String other = flag.startsWith("--metrics") ? NO_HEALTH : NO_METRICS;

            assertThat(refusal(6, other, flag + "=" + address, "--kubeconfig=" + kubeconfig("https://localhost:6443")))
                    .contains(flag + " " + address + " can't be used: ", "give another");
        }
    }

    @Test
    void aFlagThatMakesNoSense() throws Exception {
        assertThat(refusal(2, "--lock-duration=soon")).contains("--lock-duration", "'soon'", "24h");
    }

    @Test
    void aServerThatIsUnreachableIsTriedAgainAndSaidOnce() throws Exception {
        String url = "http://127.0.0.1:" + FreePort.next();
        int metrics = FreePort.next();
        try (ControllerProcess controller = ControllerProcess.start(
                NO_HEALTH, "--metrics-bind-address=127.0.0.1:" + metrics, "--kubeconfig=" + kubeconfig(url))) {
            Eventually.holds(() -> requestsCounted(metrics) >= 6);

            assertThat(controller.runs()).isTrue();
            assertThat(controller.said())
                    .singleElement()
                    .asString()
                    .contains(url + ": list ", "can't connect: refused");
            controller.terminate();
            assertThat(controller.exitStatus()).isZero();
            assertThat(controller.said()).noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @Test
    void aSignalInTheMiddleOfALockEndsItInTimeAndTheNextControllerFinishesTheLock() throws Exception {
        try (TestCluster cluster = TestCluster.open()) {
            KubeSim simulated = simulated(cluster);
            Tenant tenant = cluster.tenant();
            tenant.deployment("web", 2);
            simulated.faults().set(1, List.of(Fault.of(Fault.Effect.STALL).on("patch", "deployments")));
            try (ControllerProcess controller =
                    ControllerProcess.start(NO_METRICS, NO_HEALTH, "--kubeconfig=" + cluster.kubeconfig())) {
                tenant.status("locked");
                Eventually.holds(() -> simulated.requests().count("patch", "deployments") > 0);

                controller.terminate();
                await().atMost(Duration.ofSeconds(10)).until(() -> !controller.runs());
                assertThat(controller.exitStatus()).isZero();
            }
            assertThat(tenant.label(Names.APPLIED_LABEL)).isEqualTo(Names.APPLIED_LOCKING);
            simulated.faults().clear();
            try (ControllerProcess _ =
                    ControllerProcess.start(NO_METRICS, NO_HEALTH, "--kubeconfig=" + cluster.kubeconfig())) {
                tenant.awaitLocked();
                tenant.awaitNoPods();
            }
            tenant.status("active");
            try (BlockController _ = TestController.start(cluster)) {
                tenant.awaitUnlocked();
                tenant.awaitPods("web", 2);
            }
        }
    }

    @Test
    void itsLogIsJsonWhenAskedFor() throws Exception {
        try (TestCluster cluster = TestCluster.open();
                ControllerProcess controller = ControllerProcess.start(
                        NO_METRICS, NO_HEALTH, "--log-format=json", "--kubeconfig=" + cluster.kubeconfig())) {
            Eventually.holds(() -> controller.said().stream().anyMatch(line -> line.contains("works on")));
            controller.terminate();
            assertThat(controller.exitStatus()).isZero();

            assertThat(controller.said()).allSatisfy(line -> {
                JsonNode entry = JSON.readTree(line);
                assertThat(entry.path("level").asString()).isIn("INFO", "WARN", "ERROR");
                assertThat(entry.path("message").asString()).isNotBlank();
                assertThat(Instant.parse(entry.path("timestamp").asString())).isAfter("2025-01-01T00:00:00Z");
            });
        }
    }

    @Test
    void itIsReadyOnceTheNamespacesAreListed() throws Exception {
        try (TestCluster cluster = TestCluster.open()) {
            KubeSim simulated = simulated(cluster);
            simulated.faults().set(1, List.of(Fault.of(Fault.Effect.STALL).on("list", "namespaces")));
            int metrics = FreePort.next();
            int health = FreePort.next();
            try (ControllerProcess _ = ControllerProcess.start(
                    "--metrics-bind-address=127.0.0.1:" + metrics,
                    "--health-probe-bind-address=127.0.0.1:" + health,
                    "--kubeconfig=" + cluster.kubeconfig())) {
                Eventually.holds(() -> simulated.requests().count("list", "namespaces") > 0);
                assertThat(get(health, "/readyz").statusCode()).isEqualTo(503);
                assertThat(get(health, "/livez").statusCode()).isEqualTo(200);

                simulated.faults().clear();
                Eventually.equal(200, () -> get(health, "/readyz").statusCode());
                assertThat(get(health, "/livez").statusCode()).isEqualTo(200);
                assertThat(get(metrics, "/metrics").body()).contains("block_controller_api_requests_total{");
            }
        }
    }

    /** Whoever calls it in a process of his own decides how that process ends. */
    @Test
    void nothingOfItIsLeftInAProcessThatGoesOn() throws Exception {
        try (RefusingServer server = new RefusingServer();
                ControllerProcess host = ControllerProcess.start(
                        Host.class, NO_METRICS, NO_HEALTH, "--kubeconfig=" + kubeconfig(server.url()))) {
            assertThat(host.exitStatus()).isZero();
            assertThat(host.said()).last().asString().isEqualTo("the controller returned 5");
        }
    }

    /** Runs the controller and ends in the ordinary way, whatever came of it. */
    static final class Host {
        private Host() {}

        public static void main(String[] args) {
            int status = Main.run(args);
            System.err.println("the controller returned " + status);
        }
    }

    /** Starts it, expects it to end with this status, and returns the one line that it said. */
    private static String refusal(int status, String... flags) throws Exception {
        try (ControllerProcess controller = ControllerProcess.start(flags)) {
            int ended = controller.exitStatus();
            assertThat(controller.said()).hasSize(1);
            assertThat(ended).as(controller.said().getFirst()).isEqualTo(status);
            return controller.said().getFirst();
        }
    }

    private Path kubeconfig(String url) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters:
                - name: here
                  cluster:
                    server: %s
                users:
                - name: me
                  user:
                    token: worn-out
                contexts:
                - name: here
                  context:
                    cluster: here
                    user: me
                current-context: here
                """.formatted(url));
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** How many requests it says to have made; none while it does not listen yet. */
    private double requestsCounted(int port) throws InterruptedException {
        try {
            return get(port, "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("block_controller_api_requests_total{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static KubeSim simulated(TestCluster cluster) {
        assumeThat(cluster.simulated())
                .as("only the embedded cluster has faults on demand")
                .isPresent();
        return cluster.simulated().orElseThrow();
    }

    /** An API server that knows nobody. */
    private static final class RefusingServer implements AutoCloseable {
        private static final byte[] UNAUTHORIZED = """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized",\
                "reason":"Unauthorized","code":401}""".getBytes(StandardCharsets.UTF_8);

        private final HttpServer server;

        RefusingServer() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(401, UNAUTHORIZED.length);
                    exchange.getResponseBody().write(UNAUTHORIZED);
                }
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
