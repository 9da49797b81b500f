package run.clawcloud.block.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.ops.HealthCheck.Finding;
import run.clawcloud.block.ops.metrics.Metrics;
import run.clawcloud.block.ops.secure.SecureServing;

/** The two ports that others look at: metrics and health. */
public final class Endpoints implements AutoCloseable {

    private final @Nullable Runnable metrics;
    private final @Nullable HttpServer health;

    private Endpoints(@Nullable Runnable metrics, @Nullable HttpServer health) {
        this.metrics = metrics;
        this.health = health;
    }

    /**
     * Opens both.
     *
     * @param metricsAddress null for none
     * @param secure how metrics are served; null for plain, to everybody
     * @param healthAddress null for none
     * @param checks what {@code /readyz} and {@code /livez} look at
     * @throws IOException when an address can't be bound; the message names it
     */
    public static Endpoints open(
            @Nullable InetSocketAddress metricsAddress,
            Metrics metrics,
            @Nullable SecureServing secure,
            @Nullable InetSocketAddress healthAddress,
            List<HealthCheck> checks)
            throws IOException {
        Runnable metricsServer = metricsAddress == null ? null : metrics(metricsAddress, metrics, secure);
        try {
            return new Endpoints(metricsServer, healthAddress == null ? null : health(healthAddress, checks));
        } catch (IOException e) {
            if (metricsServer != null) {
                metricsServer.run();
            }
            throw e;
        }
    }

    /** Opens it, and returns what closes it. */
    private static Runnable metrics(InetSocketAddress address, Metrics metrics, @Nullable SecureServing secure)
            throws IOException {
        try {
            if (secure != null) {
                HttpsServer server = secure.open(address, "/metrics", new MetricsHandler(metrics.registry()));
                return () -> server.stop(0);
            }
            return HTTPServer.builder()
                    .inetAddress(address.getAddress())
                    .port(address.getPort())
                    .registry(metrics.registry())
                    .executorService(Executors.newVirtualThreadPerTaskExecutor())
                    .buildAndStart()::close;
        } catch (IOException e) {
            throw taken("--metrics-bind-address", address, e);
        }
    }

    private static HttpServer health(InetSocketAddress address, List<HealthCheck> checks) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw taken("--health-probe-bind-address", address, e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/livez", exchange -> answer(exchange, "livez", checks, HealthCheck::alive));
        server.createContext("/readyz", exchange -> answer(exchange, "readyz", checks, HealthCheck::ready));
        server.start();
        return server;
    }

    private static IOException taken(String flag, InetSocketAddress address, IOException cause) {
        return new IOException(
                flag + " " + address.getAddress().getHostAddress() + ":" + address.getPort() + " can't be used: "
                        + cause.getMessage() + "; give another, or 0 for none",
                cause);
    }

    /**
     * Answers as the API server does: {@code ok}, or with {@code ?verbose}, and whenever something is wrong, a line for
     * each check.
     *
     * @see <a href="https://kubernetes.io/docs/reference/using-api/health-checks/">API health endpoints</a>
     */
    private static void answer(
            HttpExchange exchange,
            String path,
            List<HealthCheck> checks,
            Function<HealthCheck, @Nullable Supplier<Finding>> look)
            throws IOException {
        StringBuilder lines = new StringBuilder();
        boolean well = true;
        for (HealthCheck check : checks) {
            Supplier<Finding> supplier = look.apply(check);
            if (supplier == null) {
                continue;
            }
            Finding finding = supplier.get();
            well &= finding.well();
            lines.append(HealthCheck.line(check.name(), finding));
        }
        lines.append(path).append(well ? " check passed\n" : " check failed\n");
        String query = exchange.getRequestURI().getQuery();
        boolean verbose = !well || (query != null && query.startsWith("verbose"));
        byte[] body = (verbose ? lines.toString() : "ok").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(well ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        if (metrics != null) {
            metrics.run();
        }
        if (health != null) {
            health.stop(0);
        }
    }
}
