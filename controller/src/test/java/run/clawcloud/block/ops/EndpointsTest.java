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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.FreePort;
import run.clawcloud.block.cluster.Verb;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.namespace.FlowMonitor.Flow;
import run.clawcloud.block.ops.HealthCheck.Finding;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.time.SetClock;

class EndpointsTest {

    private final Metrics metrics = new Metrics();
    private final AtomicBoolean ready = new AtomicBoolean();
    private final List<HealthCheck> checks = List.of(
            new HealthCheck("feed", () -> new Finding(ready.get(), ready.get() ? "" : "not yet")),
            new HealthCheck("memory", () -> new Finding(true, "")));

    @Test
    void isReadyWhenTheNamespacesHaveBeenListedAndAliveBefore() throws Exception {
        InetSocketAddress address = free();
        try (Endpoints endpoints = Endpoints.open(null, metrics, null, address, checks);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(endpoints).isNotNull();
            HttpResponse<String> before = get(client, address, "/readyz");
            assertThat(before.statusCode()).isEqualTo(503);
            assertThat(before.body()).isEqualTo("[-]feed failed: not yet\n[+]memory ok\nreadyz check failed\n");
            assertThat(get(client, address, "/livez").statusCode()).isEqualTo(200);

            ready.set(true);
            HttpResponse<String> after = get(client, address, "/readyz");
            assertThat(after.statusCode()).isEqualTo(200);
            assertThat(after.body()).isEqualTo("ok");
            assertThat(get(client, address, "/readyz?verbose").body())
                    .isEqualTo("[+]feed ok\n[+]memory ok\nreadyz check passed\n");
            assertThat(get(client, address, "/livez?verbose").body()).isEqualTo("livez check passed\n");
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

    /** Dashboards and alerts stand on these names. */
    @Test
    void theMetricsHaveTheirNamesAndLabels() throws Exception {
        Namespaces namespaces = new Namespaces(
                new ChangeListener() {
                    @Override
                    public void needed(String namespace, Cause cause) {}

                    @Override
                    public void notice(String namespace, Notice notice, Deadline deadline) {}
                },
                new SetClock("2030-01-01T00:00:00Z"));
        namespaces.changed(ViewBuilder.done("a", 1).build());
        namespaces.changed(ViewBuilder.done("b", 2).build());
        namespaces.changed(ViewBuilder.active("c", 3).build());
        metrics.watch(namespaces, priority -> priority == Priority.RETRY ? 7 : 0);
        metrics.watch(new SetMemory(4_096, 3_072, 2_048, 8_192), 16_384, () -> 1_024, () -> Intake.SLOWED);
        metrics.answered(Verb.PATCH, Resource.DEPLOYMENTS, "200", Duration.ofMillis(3));
        metrics.answered(Verb.PATCH, Resource.DEPLOYMENTS, "200", Duration.ofMillis(3));
        metrics.answered(Verb.LIST, Resource.NAMESPACES, "none", Duration.ofMillis(3));
        metrics.ended(Flow.LOCK, "done", Duration.ofMillis(3));
        metrics.ended(Flow.EXPIRE, "void", Duration.ofMillis(3));
        metrics.namespaceDeleted();

        InetSocketAddress address = free();
        try (Endpoints endpoints = Endpoints.open(address, metrics, null, null, checks);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(endpoints).isNotNull();
            assertThat(get(client, address, "/metrics").body().lines())
                    .contains(
                            "block_controller_api_requests_total{code=\"200\",resource=\"deployments.apps\",verb=\"patch\"} 2.0",
                            "block_controller_api_requests_total{code=\"none\",resource=\"namespaces\",verb=\"list\"} 1.0",
                            "block_controller_reconcile_total{flow=\"lock\",result=\"done\"} 1.0",
                            "block_controller_reconcile_total{flow=\"expire\",result=\"void\"} 1.0",
                            "block_controller_deletions_total 1.0",
                            "block_controller_namespaces{state=\"locked\"} 2.0",
                            "block_controller_namespaces{state=\"active\"} 1.0",
                            "block_controller_namespaces{state=\"terminating\"} 0.0",
                            "block_controller_queue_depth{priority=\"retry\"} 7.0",
                            "block_controller_queue_depth{priority=\"live\"} 0.0",
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
