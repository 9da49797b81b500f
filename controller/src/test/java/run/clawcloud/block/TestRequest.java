package run.clawcloud.block;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A BlockRequest of a test. */
final class TestRequest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final RawApi api;
    private final String namespace;
    private final String name;

    TestRequest(RawApi api, String namespace, String name) {
        this.api = api;
        this.namespace = namespace;
        this.name = name;
    }

    /** The JSON of a BlockRequest with this spec. */
    static String body(String name, String spec) {
        return """
                {"apiVersion":"core.clawcloud.run/v1","kind":"BlockRequest","metadata":{"name":"%s"},"spec":%s}""".formatted(name, spec);
    }

    static String path(String namespace) {
        return "apis/core.clawcloud.run/v1/namespaces/" + namespace + "/blockrequests";
    }

    /** As the held-by annotation says it. */
    String key() {
        return namespace + "/" + name;
    }

    String path() {
        return path(namespace) + "/" + name;
    }

    void create(String spec) {
        api.create(path(namespace), RawApi.JSON, body(name, spec)).accepted();
    }

    /** The request as it is; a missing node when it is gone. */
    JsonNode get() {
        RawApi.Answer answer = api.get(path());
        return answer.code() == 404 ? MissingNode.getInstance() : answer.accepted();
    }

    boolean exists() {
        return !get().isMissingNode();
    }

    /** Its status; nothing is in it when there is none. */
    JsonNode status() {
        return get().path("status");
    }

    /** How many targets there are, how many of them are locked, how many failed and how many were dealt with. */
    record Counts(int targets, int locked, int failed, int processed) {}

    Counts counts() {
        JsonNode status = status();
        return new Counts(
                status.path("targetCount").asInt(-1),
                status.path("lockedCount").asInt(-1),
                status.path("failedCount").asInt(-1),
                status.path("processedNamespaceCount").asInt(-1));
    }

    /** {@code True Applied: 1 of 1 namespaces are locked}, once that is said of the request as it is now. */
    String ready() {
        JsonNode request = get();
        if (request.isMissingNode()) {
            return "gone";
        }
        long generation = request.at("/metadata/generation").asLong(0);
        for (JsonNode condition : request.at("/status/conditions")) {
            if (condition.path("type").asString("").equals("Ready")
                    && condition.path("observedGeneration").asLong(0) == generation
                    && request.at("/status/observedGeneration").asLong(0) == generation) {
                return condition.path("status").asString("") + " "
                        + condition.path("reason").asString("") + ": "
                        + condition.path("message").asString("");
            }
        }
        return "not yet";
    }

    void awaitApplied() {
        await().atMost(LIMIT).until(this::ready, ready -> ready.startsWith("True Applied: "));
    }

    void awaitPartlyFailed() {
        await().atMost(LIMIT).until(this::ready, ready -> ready.startsWith("False PartlyFailed: "));
    }

    void awaitGone() {
        await().atMost(LIMIT).until(() -> !exists());
    }

    /** {@code Failed: does not exist}, as the status says of a namespace; {@code none} when it says nothing of it. */
    String entry(String of) {
        for (JsonNode entry : status().path("namespaceStatuses")) {
            if (entry.path("namespace").asString("").equals(of)) {
                String message = entry.path("message").asString("");
                return entry.path("phase").asString("") + (message.isEmpty() ? "" : ": " + message);
            }
        }
        return "none";
    }

    /** Merges this into the spec. */
    void spec(String patch) {
        api.patch(path(), "{\"spec\":" + patch + "}").accepted();
    }

    void action(String action) {
        spec("{\"action\":\"" + action + "\"}");
    }

    /** Merges this into the status, which nobody but the controller should. */
    void falsify(String patch) {
        api.patch(path() + "/status", "{\"status\":" + patch + "}").accepted();
    }

    /** Asks for its deletion; a finalizer may keep it. */
    void delete() {
        api.delete(path()).accepted();
    }

    /** Removes it, whoever else would have to agree. */
    void remove() {
        if (exists()) {
            api.patch(path(), "{\"metadata\":{\"finalizers\":null}}");
            api.delete(path());
        }
    }
}
