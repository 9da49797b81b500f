package run.clawcloud.block.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The two ports that others look at: metrics and health. */
public final class Endpoints implements AutoCloseable {

    private final @Nullable HTTPServer metrics;
    private final @Nullable HttpServer health;

    private Endpoints(@Nullable HTTPServer metrics, @Nullable HttpServer health) {
        this.metrics = metrics;
        this.health = health;
    }

    /**
     * Opens both.
     *
     * @param metricsAddress null for none
     * @param healthAddress null for none
     * @param ready what {@code /readyz} answers
     * @param role what it adds then, {@code leader} or {@code standby}; empty for nothing
     * @throws IOException when an address can't be bound; the message names it
     */
    public static Endpoints open(
            @Nullable InetSocketAddress metricsAddress,
            Metrics metrics,
            @Nullable InetSocketAddress healthAddress,
            BooleanSupplier ready,
            Supplier<String> role)
            throws IOException {
        HTTPServer metricsServer = metricsAddress == null ? null : metrics(metricsAddress, metrics);
        try {
            return new Endpoints(metricsServer, healthAddress == null ? null : health(healthAddress, ready, role));
        } catch (IOException e) {
            if (metricsServer != null) {
                metricsServer.close();
            }
            throw e;
        }
    }

    private static HTTPServer metrics(InetSocketAddress address, Metrics metrics) throws IOException {
        try {
            return HTTPServer.builder()
                    .inetAddress(address.getAddress())
                    .port(address.getPort())
                    .registry(metrics.registry())
                    .executorService(Executors.newVirtualThreadPerTaskExecutor())
                    .buildAndStart();
        } catch (IOException e) {
            throw taken("--metrics-bind-address", address, e);
        }
    }

    private static HttpServer health(InetSocketAddress address, BooleanSupplier ready, Supplier<String> role)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw taken("--health-probe-bind-address", address, e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/livez", exchange -> answer(exchange, true, ""));
        server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean(), role.get()));
        server.start();
        return server;
    }

    private static IOException taken(String flag, InetSocketAddress address, IOException cause) {
        return new IOException(
                flag + " " + address.getAddress().getHostAddress() + ":" + address.getPort() + " can't be used: "
                        + cause.getMessage() + "; give another, or 0 for none",
                cause);
    }

    private static void answer(HttpExchange exchange, boolean well, String role) throws IOException {
        String said = role.isEmpty() ? "ok" : "ok: " + role;
        byte[] body =
                (well ? said : "not ready: the namespaces have not been listed yet").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(well ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
        if (health != null) {
            health.stop(0);
        }
    }
}
