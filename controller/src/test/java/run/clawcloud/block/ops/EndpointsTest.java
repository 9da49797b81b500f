package run.clawcloud.block.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.FreePort;
import run.clawcloud.block.ops.HealthCheck.Finding;
import run.clawcloud.block.ops.metrics.Metrics;

class EndpointsTest {

    private final Metrics metrics = new Metrics("1", System::nanoTime);
    private final AtomicBoolean ready = new AtomicBoolean();
    private final AtomicBoolean alive = new AtomicBoolean(true);
    private final List<HealthCheck> checks = List.of(
            new HealthCheck("feed", () -> new Finding(ready.get(), ready.get() ? "" : "not yet")),
            new HealthCheck("memory", () -> new Finding(true, "")),
            new HealthCheck("workers", () -> Finding.WELL, () -> new Finding(alive.get(), alive.get() ? "" : "stuck")));

    @Test
    void isReadyWhenTheNamespacesHaveBeenListedAndAliveBefore() throws Exception {
        InetSocketAddress address = free();
        try (Endpoints endpoints = Endpoints.open(null, metrics, null, address, checks);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(endpoints).isNotNull();
            HttpResponse<String> before = get(client, address, "/readyz");
            assertThat(before.statusCode()).isEqualTo(503);
            assertThat(before.body())
                    .isEqualTo("[-]feed failed: not yet\n[+]memory ok\n[+]workers ok\nreadyz check failed\n");
            assertThat(get(client, address, "/livez").statusCode()).isEqualTo(200);

            ready.set(true);
            HttpResponse<String> after = get(client, address, "/readyz");
            assertThat(after.statusCode()).isEqualTo(200);
            assertThat(after.body()).isEqualTo("ok");
            assertThat(get(client, address, "/readyz?verbose").body())
                    .isEqualTo("[+]feed ok\n[+]memory ok\n[+]workers ok\nreadyz check passed\n");
            assertThat(get(client, address, "/livez?verbose").body()).isEqualTo("[+]workers ok\nlivez check passed\n");

            alive.set(false);
            assertThat(get(client, address, "/livez").statusCode()).isEqualTo(503);
            assertThat(get(client, address, "/livez").body())
                    .isEqualTo("[-]workers failed: stuck\nlivez check failed\n");
            assertThat(get(client, address, "/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void saysWhichFlagsAddressIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
            assertThatThrownBy(() -> Endpoints.open(address, metrics, null, null, checks))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("--metrics-bind-address ")
                    .hasMessageContaining(":" + taken.getLocalPort() + " can't be used: ");
            assertThatThrownBy(() -> Endpoints.open(null, metrics, null, address, checks))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("--health-probe-bind-address ")
                    .hasMessageContaining(":" + taken.getLocalPort() + " can't be used: ");
        }
    }

    @Test
    void leavesNothingOpenWhenOneOfThemCantBeOpened() throws Exception {
        InetSocketAddress first = free();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress second = new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
            assertThatThrownBy(() -> Endpoints.open(first, metrics, null, second, checks))
                    .isInstanceOf(IOException.class);
        }
        try (ServerSocket again = new ServerSocket()) {
            again.setReuseAddress(true);
            again.bind(first);
            assertThat(again.isBound()).isTrue();
        }
    }

    @Test
    void opensNothingWhenNothingIsWanted() throws Exception {
        try (Endpoints endpoints = Endpoints.open(null, metrics, null, null, checks)) {
            assertThat(endpoints).isNotNull();
        }
    }

    @Test
    void theMemoryIsToldByAreaAndWhatFollowsFromIt() throws Exception {
        metrics.watch(new SetMemory(4_096, 3_072, 2_048, 8_192), 16_384, () -> 1_024, () -> Intake.SLOWED);
        InetSocketAddress address = free();
        try (Endpoints endpoints = Endpoints.open(address, metrics, null, null, checks);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(endpoints).isNotNull();
            assertThat(get(client, address, "/metrics").body().lines())
                    .contains(
                            "block_controller_memory_bytes{area=\"rss\"} 4096.0",
                            "block_controller_memory_bytes{area=\"heap\"} 3072.0",
                            "block_controller_memory_bytes{area=\"heap_needed\"} 2048.0",
                            "block_controller_memory_bytes{area=\"index\"} 1024.0",
                            "block_controller_memory_limit_bytes 16384.0",
                            "block_controller_intake_ratio 0.25");
        }
    }

    private static HttpResponse<String> get(HttpClient client, InetSocketAddress address, String path)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static InetSocketAddress free() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.next());
    }
}
