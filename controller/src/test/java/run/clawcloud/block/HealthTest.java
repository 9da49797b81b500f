package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;
import run.clawcloud.block.ops.health.Limits;
import run.clawcloud.block.ops.health.Limits.Standstill;

/** What a kubelet is told of a controller that can't work, by limits so short that a test can wait for them. */
class HealthTest {

    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Standstill PATIENT = new Standstill(NEVER, NEVER);

    private final TestCluster cluster = TestCluster.openWithRequests();
    private final HttpClient http = HttpClient.newHttpClient();
    private KubeSim simulated;
    private int port;

    @BeforeEach
    void begin() throws IOException {
        assumeThat(cluster.simulated())
                .as("only the embedded cluster has faults on demand")
                .isPresent();
        simulated = cluster.simulated().orElseThrow();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        http.close();
        cluster.close();
    }

    private BlockController start(Limits limits) throws Exception {
        return BlockController.start(
                TestController.settings(cluster.kubeconfig(), "--health-probe-bind-address=127.0.0.1:" + port),
                InstantSource.system(),
                limits);
    }

    @Test
    void aWorkerThatIsStuckMakesUnreadyThenDeadAndWellAgainOnceItGetsOn() throws Exception {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 1);
        try (BlockController _ = start(new Limits(NEVER, PATIENT, new Standstill(SHORT, SHORT.multipliedBy(4))))) {
            Eventually.equal(200, () -> get("/readyz").statusCode());
            assertThat(get("/readyz?verbose").body().lines())
                    .contains(
                            "[+]feed ok",
                            "[+]api-server ok",
                            "[+]watches ok",
                            "[+]workers ok: 0 at work",
                            "[+]threads ok",
                            "[+]leadership ok: no election",
                            "readyz check passed");
            simulated.faults().set(1, List.of(Fault.of(Fault.Effect.STALL).on("patch", "deployments")));

            tenant.status(Names.LOCKED);

            Eventually.equal(503, () -> get("/readyz").statusCode());
            assertThat(get("/readyz").body()).contains("[-]workers failed: 1 stuck, the longest for ", tenant.name());
            Eventually.equal(503, () -> get("/livez").statusCode());
            assertThat(get("/livez").body()).contains("[-]workers failed", "livez check failed");

            simulated.faults().clear();
            tenant.awaitLocked();
            Eventually.equal(200, () -> get("/readyz").statusCode());
            assertThat(get("/livez").body()).isEqualTo("ok");
        }
    }

    /** Nothing happens here, and a bookmark comes once a minute. */
    @Test
    void aWatchThatIsSilentForTooLongMakesUnready() throws Exception {
        try (BlockController _ = start(new Limits(NEVER, new Standstill(SHORT, NEVER), PATIENT))) {
            Eventually.holds(() -> get("/readyz").body().contains("[-]watches failed: nothing was heard of "));
            assertThat(get("/livez").body()).isEqualTo("ok");
        }
    }

    @Test
    void anApiServerThatIsGoneMakesUnreadyAndNotDead() throws Exception {
        try (BlockController _ = start(new Limits(SHORT, PATIENT, PATIENT))) {
            Eventually.equal(200, () -> get("/readyz").statusCode());

            simulated.close();

            Eventually.holds(
                    () -> get("/readyz").body().contains("[-]api-server failed: every request has failed for "));
            assertThat(get("/livez").body()).isEqualTo("ok");
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
