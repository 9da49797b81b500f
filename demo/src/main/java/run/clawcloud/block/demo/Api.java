package run.clawcloud.block.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client of the Kubernetes API, as small as the demo needs it: plain HTTP/1.1 and JSON trees. Safe for use by many
 * threads.
 *
 * <p>Every request that is sent here has the same effect when it is sent twice, so what the network loses is sent
 * again.
 */
final class Api implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();

    /** The demo's own name, so that the server's counts of requests can tell it from the controller. */
    static final String USER_AGENT = "block-controller-demo";

    private static final int PAGE = 500;
    private static final int TRIES = 4;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final String server;
    private final HttpClient http;

    /** @param server the address of the API server, such as {@code http://127.0.0.1:6443} */
    Api(String server) {
        this.server = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** The object at {@code path}; the demo ends if there is none. */
    JsonNode get(String path) throws InterruptedException {
        return find(path).orElseThrow(() -> new DemoException("GET " + server + path + ": 404, not found"));
    }

    /** The object at {@code path}, or nothing if the server says 404. */
    Optional<JsonNode> find(String path) throws InterruptedException {
        HttpResponse<byte[]> response = send(request(path).GET().build());
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(body(response));
    }

    /**
     * Hands every object of a list to {@code each}, page by page.
     *
     * @param query further query parameters, such as a selector, or empty
     * @return the resourceVersion of the list, to watch from
     */
    String list(String path, String query, Consumer<JsonNode> each) throws InterruptedException {
        String token = "";
        while (true) {
            String more = token.isEmpty() ? "" : "&continue=" + URLEncoder.encode(token, UTF_8);
            JsonNode page = get(path + "?limit=" + PAGE + (query.isEmpty() ? "" : "&" + query) + more);
            page.path("items").forEach(each);
            token = page.path("metadata").path("continue").asString("");
            if (token.isEmpty()) {
                return page.path("metadata").path("resourceVersion").asString("");
            }
        }
    }

    /** How many objects a list has, by its first entry and the count of those that the server kept back. */
    long count(String path) throws InterruptedException {
        JsonNode page = get(path + "?limit=1");
        return page.path("items").size()
                + page.path("metadata").path("remainingItemCount").asLong(0);
    }

    /** A JSON merge patch (RFC 7386); returns the object as it is then. */
    JsonNode mergePatch(String path, ObjectNode patch) throws InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", BodyPublishers.ofByteArray(JSON.writeValueAsBytes(patch)))
                .build();
        return body(send(request));
    }

    /**
     * Hands each event of a watch to {@code event} until the server ends the watch or {@code event} returns false.
     *
     * @throws IOException if the connection breaks
     */
    void watch(String path, String query, Predicate<JsonNode> event) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + path + "?watch=1&" + query))
                .header("User-Agent", USER_AGENT)
                .build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
            if (response.statusCode() != 200) {
                throw new IOException("watch of " + path + ": status " + response.statusCode());
            }
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !event.test(JSON.readTree(line))) {
                    return;
                }
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path))
                .header("User-Agent", USER_AGENT)
                .header("Accept", "application/json")
                .timeout(REQUEST_TIMEOUT);
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            String failure;
            try {
                HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
                if (response.statusCode() != 429 && response.statusCode() < 500) {
                    return response;
                }
                failure = "status " + response.statusCode();
            } catch (IOException e) {
                failure = e.toString();
            }
            if (attempt == TRIES) {
                throw new DemoException(request.method() + " " + request.uri() + ": " + failure);
            }
            Thread.sleep(PAUSE.multipliedBy(attempt));
        }
    }

    private static JsonNode body(HttpResponse<byte[]> response) {
        if (response.statusCode() >= 300) {
            throw new DemoException("%s %s: status %d, %s"
                    .formatted(
                            response.request().method(),
                            response.uri(),
                            response.statusCode(),
                            new String(response.body(), UTF_8).strip()));
        }
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
