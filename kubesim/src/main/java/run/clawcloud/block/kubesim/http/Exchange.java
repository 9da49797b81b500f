package run.clawcloud.block.kubesim.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.Yaml;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One request and its answer. The only place, beside {@link ApiServer}, that knows the server library. */
final class Exchange {

    static final String YAML = "application/yaml";

    private static final String JSON = "application/json";

    /** As kube-apiserver's limit for the body of a write, in bytes. */
    private static final int LARGEST_BODY = 3 << 20;

    private static final Protobuf PROTOBUF = new Protobuf();

    private final ServerRequest request;
    private final ServerResponse response;
    private byte @Nullable [] body;
    private final Set<String> warnings = new LinkedHashSet<>();
    private boolean dropAnswer;

    Exchange(ServerRequest request, ServerResponse response) {
        this.request = request;
        this.response = response;
    }

    String method() {
        return request.prologue().method().text();
    }

    /** The decoded path, in segments. */
    List<String> path() {
        return List.of(request.path().path().substring(1).split("/"));
    }

    /** A query parameter, null if it was not given. */
    @Nullable
    String query(String name) {
        return request.query().first(name).orElse(null);
    }

    boolean queryFlag(String name) {
        String value = query(name);
        return value != null && (value.equals("true") || value.equals("1"));
    }

    /** A number that is 0 when absent; 400 if it is none. */
    long queryNumber(String name) {
        String value = query(name);
        if (value == null || value.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw ApiException.badRequest("strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
        }
    }

    String userAgent() {
        return request.headers().first(HeaderNames.USER_AGENT).orElse("unknown");
    }

    /** Whether the client asks to go on over a WebSocket (RFC 6455). */
    boolean wantsWebSocket() {
        return request.headers().first(HeaderNames.UPGRADE).orElse("").equalsIgnoreCase("websocket");
    }

    String accept() {
        return String.join(",", request.headers().values(HeaderNames.ACCEPT));
    }

    /** The media type of the body, without parameters. */
    String contentType() {
        return request.headers()
                .first(HeaderNames.CONTENT_TYPE)
                .map(type -> type.split(";", 2)[0].strip())
                .orElse("");
    }

    byte[] body() {
        byte[] read = body;
        if (read == null) {
            read = request.content().hasEntity() ? readBody() : new byte[0];
            body = read;
        }
        return read;
    }

    /** The whole of it, for the connection to go on; 413 if it is too large to be looked at. */
    private byte[] readBody() {
        // When the client goes away meanwhile, whoever sends the error must not ask for the rest.
        body = new byte[0];
        try (InputStream in = request.content().inputStream()) {
            byte[] bytes = in.readNBytes(LARGEST_BODY + 1);
            if (bytes.length > LARGEST_BODY) {
                in.transferTo(OutputStream.nullOutputStream());
                throw ApiException.bodyTooLarge(LARGEST_BODY);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fields that are in the body twice, as paths; none where it is no JSON. */
    List<String> duplicateFields() {
        return contentType().equals(Protobuf.MEDIA_TYPE) || contentType().equals(YAML)
                ? List.of()
                : DuplicateFields.in(body());
    }

    /** Says something in a header of the answer; once, however often it is asked to. */
    void warn(String text) {
        if (warnings.add(text)) {
            String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
            response.headers().add(HeaderValues.create(HeaderNames.WARNING, "299 - \"" + quoted + "\""));
        }
    }

    /** The body, whether it was sent as JSON, as YAML or as protobuf; 400 if it can't be read. */
    JsonNode json() {
        if (contentType().equals(Protobuf.MEDIA_TYPE)) {
            return PROTOBUF.read(body());
        }
        try {
            return contentType().equals(YAML) ? Yaml.parse(body()) : Json.parse(body());
        } catch (JacksonException e) {
            throw ApiException.badRequest("error decoding the body: " + e.getOriginalMessage());
        }
    }

    /** From now on the answer is thrown away and the connection closed instead. */
    void dropAnswer() {
        dropAnswer = true;
    }

    /** Closes the connection without an answer. */
    RuntimeException drop() {
        return new CloseConnectionException("a fault that was ordered");
    }

    void send(int code, JsonNode answer) {
        send(code, JSON, Json.bytes(answer));
    }

    void send(int code, byte[] json) {
        send(code, JSON, json);
    }

    void send(int code, String contentType, byte[] answer) {
        if (dropAnswer) {
            throw drop();
        }
        body();
        response.status(code);
        response.header(HeaderNames.CONTENT_TYPE.defaultCase(), contentType);
        response.send(answer);
    }

    void sendText(int code, String text) {
        send(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    void send(ApiException refusal) {
        ObjectNode status = refusal.status();
        JsonNode retryAfter = status.path("details").path("retryAfterSeconds");
        if (retryAfter.isNumber()) {
            response.header("Retry-After", Long.toString(retryAfter.asLong()));
        }
        send(refusal.code(), status);
    }

    /** Begins an answer whose length is not known, in chunks; {@code flush} sends what was written. */
    OutputStream stream() {
        if (dropAnswer) {
            throw drop();
        }
        response.status(200);
        response.header(HeaderNames.CONTENT_TYPE.defaultCase(), JSON);
        response.header(HeaderNames.CACHE_CONTROL.defaultCase(), "no-cache, private");
        return response.outputStream();
    }

    boolean isAnswered() {
        return response.isSent() || response.bytesWritten() > 0;
    }
}
