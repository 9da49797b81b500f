package run.clawcloud.block.kubesim.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.StreamSupport;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;

/** Speaks to a simulated cluster as any HTTP client does. */
final class Client {

    static final String JSON = "application/json";
    static final String MERGE = "application/merge-patch+json";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;

    Client(KubeSim cluster) {
        this.url = cluster.url();
    }

    /** An answer. */
    record Answer(int code, JsonNode body, HttpResponse<String> response) {

        /** Of the item at that place of a list. */
        String itemName(int index) {
            return body.path("items").path(index).path("metadata").path("name").asString("");
        }

        java.util.List<String> itemNames() {
            return StreamSupport.stream(body.path("items").spliterator(), false)
                    .map(item -> item.path("metadata").path("name").asString(""))
                    .toList();
        }

        String resourceVersion() {
            return body.path("metadata").path("resourceVersion").asString("");
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, JSON, "");
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, JSON, body);
    }

    Answer put(String path, String body) throws IOException, InterruptedException {
        return send("PUT", path, JSON, body);
    }

    Answer merge(String path, String patch) throws IOException, InterruptedException {
        return send("PATCH", path, MERGE, patch);
    }

    Answer delete(String path, String options) throws IOException, InterruptedException {
        return send("DELETE", path, JSON, options);
    }

    /** Sends a request; single quotes in the body stand for double ones. */
    Answer send(String method, String path, String contentType, String body) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        String text = response.body();
        return new Answer(response.statusCode(), text.startsWith("{") ? Json.parse(text) : Json.object(), response);
    }

    /** Begins a watch; returns when the headers are there. */
    Watch watch(String path) throws IOException, InterruptedException {
        return new Watch(http.send(request(path).build(), BodyHandlers.ofInputStream()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path.replace(" ", "%20")))
                .header("User-Agent", "tester/1.0 (test)")
                .timeout(PATIENCE);
    }

    /** A watch's events, one after the other. */
    static final class Watch implements AutoCloseable {

        private final int code;
        private final BufferedReader lines;

        Watch(HttpResponse<java.io.InputStream> response) {
            this.code = response.statusCode();
            this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        int code() {
            return code;
        }

        /** The next event; a missing node at the end. */
        JsonNode next() throws IOException {
            String line = lines.readLine();
            return line == null || line.isBlank() ? Json.object().path("end") : Json.parse(line);
        }

        /** The next event as {@code TYPE name}. */
        String summary() throws IOException {
            JsonNode event = next();
            return event.path("type").asString("end") + " "
                    + event.path("object").path("metadata").path("name").asString("");
        }

        @Override
        public void close() {
            try {
                lines.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
