package run.clawcloud.block.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import run.clawcloud.block.time.NotedPause;

/** A small HTTP server that gives one scripted answer after the other, and the door that leads to it. */
final class TestServer implements AutoCloseable {

    /** A request as it arrived. */
    record Received(String method, String target, String contentType, String body) {}

    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    final NotedPause pause = new NotedPause();
    final List<Received> received = new CopyOnWriteArrayList<>();
    /** {@code verb resource code}, as the monitor heard it. */
    final List<String> counted = new CopyOnWriteArrayList<>();
    /** The client's end of every connection that carried a request. */
    final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();

    private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final List<HttpClient> clients = new ArrayList<>();

    TestServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            connections.add(exchange.getRemoteAddress());
            String contentType = exchange.getRequestHeaders().getFirst("Content-Type");
            received.add(new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    contentType == null ? "" : contentType,
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            Answer answer = answers.poll();
            if (answer == null) {
                answer = json(500, "{\"message\":\"the script is at its end\"}");
            }
            answer.to(exchange);
        }
    }

    /** The next answer. */
    TestServer then(Answer answer) {
        answers.add(answer);
        return this;
    }

    TestServer then(int code, String body) {
        return then(json(code, body));
    }

    /** A refusal as Kubernetes writes it. */
    TestServer refuse(int code, String reason, String message) {
        return then(code, """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"%s","reason":"%s",\
                "details":{"retryAfterSeconds":1},"code":%d}""".formatted(message, reason, code));
    }

    /** Asks to wait. */
    TestServer busy(int code, String retryAfter) {
        return then(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
            json(code, "{\"kind\":\"Status\",\"message\":\"too many requests\",\"reason\":\"TooManyRequests\"}")
                    .to(exchange);
        });
    }

    static Answer json(int code, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    Received only() {
        if (received.size() != 1) {
            throw new AssertionError("one request was expected: " + received);
        }
        return received.getFirst();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** A door to this server. */
    ApiServer door() {
        return door(false);
    }

    ApiServer door(boolean dryRun) {
        return door(dryRun, new Interceptor() {});
    }

    /** @param interceptor sees each request before it is sent */
    ApiServer door(boolean dryRun, Interceptor interceptor) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withRequestRetryBackoffLimit(0)
                .withHttp2Disable(true)
                .build();
        HttpClient client = new JdkHttpClientFactory()
                .newBuilder(config)
                .addOrReplaceInterceptor("test", interceptor)
                .build();
        clients.add(client);
        return new ApiServer(
                client,
                url(),
                dryRun,
                (verb, resource, code, took) -> {
                    if (took.compareTo(Duration.ZERO) < 0) {
                        throw new AssertionError("it took " + took);
                    }
                    counted.add(verb + " " + resource.qualifiedName() + " " + code);
                },
                pause,
                System::nanoTime);
    }

    /** From now on nobody answers. */
    void stop() {
        server.stop(0);
    }

    @Override
    public void close() {
        clients.forEach(HttpClient::close);
        server.stop(0);
        threads.shutdownNow();
    }
}
