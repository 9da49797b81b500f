package run.clawcloud.block.harness;

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
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client of the Kubernetes API, as small as can be: HTTP and JSON trees. Safe for use by many threads.
 *
 * <p>Every request that is sent here has the same effect when it is sent twice, so what the network loses is sent
 * again.
 */
public final class Api implements AutoCloseable {
    public static final JsonMapper JSON = JsonMapper.builder().build();

    /** The path of the list of all namespaces. */
    public static final String NAMESPACES = "/api/v1/namespaces";

    private static final int PAGE = 500;
    private static final int TRIES = 4;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Connection connection;
    private final String server;
    private final String userAgent;
    private final HttpClient http;

    /** @param userAgent our name, so that the server's counts of requests can tell us from the controller */
    public Api(Connection connection, String userAgent) {
        this.connection = connection;
        this.server = connection.server();
        this.userAgent = userAgent;
        HttpClient.Builder builder = HttpClient.newBuilder()
                // Without TLS the client would offer an upgrade with the first request, which API servers decline.
                .version(server.startsWith("https:") ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        SSLContext tls = connection.tls();
        this.http = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    /** The server's address, without a slash at the end. */
    public String server() {
        return server;
    }

    /** The path of one namespace. */
    public static String namespace(String name) {
        return NAMESPACES + "/" + name;
    }

    /** The object at {@code path}; there has to be one. */
    public JsonNode get(String path) throws InterruptedException {
        return find(path).orElseThrow(() -> new HarnessException("GET " + server + path + ": 404, not found"));
    }

    /** The object at {@code path}, or nothing if the server says 404. */
    public Optional<JsonNode> find(String path) throws InterruptedException {
        HttpResponse<byte[]> response = send(request(path).GET().build());
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(body(response));
    }

    /**
     * Hands every object of a list to {@code each}, page by page.
     *
     * @param query further query parameters, such as a selector, or empty
     * @return the resourceVersion of the list, to watch from
     */
    public String list(String path, String query, Consumer<JsonNode> each) throws InterruptedException {
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

    /**
     * What was downloaded.
     *
     * @param bytes of the bodies
     */
    public record Size(long bytes, int pages) {}

    /** Reads a whole list page by page and throws it away; only the token of the next page is looked for. */
    public Size download(String path, int pageSize) throws InterruptedException {
        long bytes = 0;
        int pages = 0;
        String token = "";
        do {
            String more = token.isEmpty() ? "" : "&continue=" + URLEncoder.encode(token, UTF_8);
            byte[] page = send(request(path + "?limit=" + pageSize + more).GET().build())
                    .body();
            bytes += page.length;
            pages++;
            token = continueToken(page);
        } while (!token.isEmpty());
        return new Size(bytes, pages);
    }

    /** The list's metadata stands before or after its items; between those, nothing is decoded. */
    private static String continueToken(byte[] page) {
        try (JsonParser parser = JSON.createParser(page)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean metadata = parser.currentName().equals("metadata");
                parser.nextToken();
                if (metadata) {
                    return parser.<JsonNode>readValueAsTree().path("continue").asString("");
                }
                parser.skipChildren();
            }
            return "";
        }
    }

    /** How many objects a list has, by its first entry and the count of those that the server kept back. */
    public long count(String path) throws InterruptedException {
        JsonNode page = get(path + "?limit=1");
        return page.path("items").size()
                + page.path("metadata").path("remainingItemCount").asLong(0);
    }

    /** A JSON merge patch (RFC 7386); returns the object as it is then. */
    public JsonNode mergePatch(String path, ObjectNode patch) throws InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", BodyPublishers.ofByteArray(JSON.writeValueAsBytes(patch)))
                .build();
        return body(send(request));
    }

    /**
     * Sends one request as it is, once.
     *
     * @param contentType of the body; empty when there is none
     * @return the answer, whatever its status
     * @throws IOException if there is none
     */
    public HttpResponse<byte[]> exchange(String method, String path, String contentType, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).method(method, BodyPublishers.ofByteArray(body));
        return http.send(
                (contentType.isEmpty() ? request : request.header("Content-Type", contentType)).build(),
                BodyHandlers.ofByteArray());
    }

    /** Creates an object; that it is there already is fine. */
    public void create(String path, ObjectNode object) throws InterruptedException {
        HttpResponse<byte[]> response = send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(object)))
                .build());
        if (response.statusCode() != 409) {
            body(response);
        }
    }

    /** Deletes an object; that it is gone already, or going, is fine. */
    public void delete(String path) throws InterruptedException {
        HttpResponse<byte[]> response = send(request(path).DELETE().build());
        if (response.statusCode() != 404 && response.statusCode() != 409) {
            body(response);
        }
    }

    /**
     * Hands each event of a watch to {@code event} until the server ends the watch or {@code event} returns false.
     *
     * @throws IOException if the connection breaks
     */
    public void watch(String path, String query, Predicate<JsonNode> event) throws IOException, InterruptedException {
        HttpRequest request = authorized(HttpRequest.newBuilder(URI.create(server + path + "?watch=1&" + query)))
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
        return authorized(HttpRequest.newBuilder(URI.create(server + path)))
                .header("Accept", "application/json")
                .timeout(REQUEST_TIMEOUT);
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder builder) {
        String token = connection.token();
        return (token == null ? builder : builder.header("Authorization", "Bearer " + token))
                .header("User-Agent", userAgent);
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
                throw new HarnessException(request.method() + " " + request.uri() + ": " + failure);
            }
            Thread.sleep(PAUSE.multipliedBy(attempt));
        }
    }

    private static JsonNode body(HttpResponse<byte[]> response) {
        if (response.statusCode() >= 300) {
            throw new HarnessException("%s %s: status %d, %s"
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
