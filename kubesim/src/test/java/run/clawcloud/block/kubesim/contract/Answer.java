package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;

/**
 * What the server answered.
 *
 * @param request for messages
 * @param warnings the headers of that name
 * @param body an object, a list or a Status
 */
record Answer(String request, int code, @Nullable String retryAfter, List<String> warnings, JsonNode body) {

    static Answer of(String request, HttpResponse<String> response) {
        return new Answer(
                request,
                response.code(),
                response.header("Retry-After"),
                response.headers("Warning"),
                Json.parse(Objects.requireNonNull(response.body())));
    }

    /** This, if the code is the one that is expected. */
    Answer expect(int expected) {
        assertThat(code).as("%s%n%s", request, body).isEqualTo(expected);
        return this;
    }

    /** This, if it is a Status that refuses with that code and reason. */
    Answer refused(int expected, String reason) {
        var _ = expect(expected);
        assertThat(text("/kind")).as("%s%n%s", request, body).isEqualTo("Status");
        assertThat(text("/status")).isEqualTo("Failure");
        assertThat(text("/reason")).isEqualTo(reason);
        assertThat(body.at("/code").asInt()).isEqualTo(expected);
        assertThat(message()).isNotEmpty();
        return this;
    }

    /** @param pointer RFC 6901; empty text for what is not there */
    String text(String pointer) {
        return body.at(pointer).asString("");
    }

    String message() {
        return text("/message");
    }

    String resourceVersion() {
        return text("/metadata/resourceVersion");
    }

    String uid() {
        return text("/metadata/uid");
    }

    long generation() {
        return body.at("/metadata/generation").asLong();
    }

    /** The items of a list. */
    List<JsonNode> items() {
        return StreamSupport.stream(body.path("items").spliterator(), false).toList();
    }

    /** The names of the items of a list. */
    List<String> names() {
        return items().stream()
                .map(item -> item.at("/metadata/name").asString())
                .toList();
    }

    /** The causes of a refusal, as {@code reason field}; servers may repeat them. */
    List<String> causes() {
        return StreamSupport.stream(body.at("/details/causes").spliterator(), false)
                .map(cause -> cause.path("reason").asString("") + " "
                        + cause.path("field").asString(""))
                .distinct()
                .toList();
    }

    /** The causes of a refusal, whole: {@code reason field: message}. */
    List<String> wholeCauses() {
        return StreamSupport.stream(body.at("/details/causes").spliterator(), false)
                .map(cause -> cause.path("reason").asString("") + " "
                        + cause.path("field").asString("") + ": "
                        + cause.path("message").asString(""))
                .toList();
    }

    /** The conditions of an object, as {@code type=status}. */
    List<String> conditions() {
        return StreamSupport.stream(body.at("/status/conditions").spliterator(), false)
                .map(condition -> condition.path("type").asString("") + "="
                        + condition.path("status").asString(""))
                .toList();
    }
}
