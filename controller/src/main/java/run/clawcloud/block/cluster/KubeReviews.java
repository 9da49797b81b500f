package run.clawcloud.block.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.Resource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/**
 * Asks the API server who somebody is and what they may do. These are creations of what is never stored: they are sent
 * in a dry run and by who does not lead, too.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/webhook/">TokenReview</a>
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/authorization/">SubjectAccessReview</a>
 */
public final class KubeReviews {

    /** Somebody waits for the answer. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ApiServer server;

    /** @param server through which writes pass without asking for the leadership */
    public KubeReviews(ApiServer server) {
        this.server = server.answeringWithin(LIMIT);
    }

    /** Somebody whom the API server knows. */
    public record User(String name, String uid, List<String> groups, SortedMap<String, List<String>> extra) {}

    /**
     * Whose token that is; empty when it is nobody's. What fails does not repeat it.
     *
     * @param token not empty
     */
    public Optional<User> user(String token) throws ApiException, InterruptedException {
        Reading reading = new Reading();
        review(Resource.TOKEN_REVIEWS, "TokenReview", json -> json.writeStringProperty("token", token), reading);
        return reading.authenticated
                ? Optional.of(new User(reading.name, reading.uid, List.copyOf(reading.groups), reading.extra))
                : Optional.empty();
    }

    /**
     * Whether they may.
     *
     * @param verb a method in small letters, as {@code get}
     * @param path of no resource of the API, as {@code /metrics}
     */
    public boolean allows(User user, String verb, String path) throws ApiException, InterruptedException {
        Reading reading = new Reading();
        review(
                Resource.SUBJECT_ACCESS_REVIEWS,
                "SubjectAccessReview",
                json -> {
                    subject(json, user);
                    json.writeObjectPropertyStart("nonResourceAttributes");
                    json.writeStringProperty("path", path);
                    json.writeStringProperty("verb", verb);
                    json.writeEndObject();
                },
                reading);
        return reading.allowed;
    }

    private static void subject(JsonGenerator json, User user) {
        json.writeStringProperty("user", user.name());
        json.writeStringProperty("uid", user.uid());
        strings(json, "groups", user.groups());
        json.writeObjectPropertyStart("extra");
        user.extra().forEach((key, values) -> strings(json, key, values));
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String field, List<String> values) {
        json.writeArrayPropertyStart(field);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    @FunctionalInterface
    private interface Spec {
        void write(JsonGenerator json);
    }

    private void review(Resource resource, String kind, Spec spec, Reading reading)
            throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("apiVersion", resource.apiVersion());
            json.writeStringProperty("kind", kind);
            json.writeObjectPropertyStart("spec");
            spec.write(json);
            json.writeEndObject();
            json.writeEndObject();
        });
        ApiRequest request = ApiRequest.of(Verb.CREATE, resource, null, null)
                .with(ApiRequest.JSON, body)
                .patience(LIMIT);
        server.read(request, parser -> {
            Json.fields(parser, reading::field);
            return reading;
        });
    }

    /** What stands in a status. */
    private static final class Reading {
        private boolean authenticated;
        private boolean allowed;
        private String name = "";
        private String uid = "";
        private final List<String> groups = new ArrayList<>();
        private final SortedMap<String, List<String>> extra = new TreeMap<>();

        private void field(String field, JsonParser value) {
            if (field.equals("status")) {
                Json.fields(value, this::status);
            } else {
                value.skipChildren();
            }
        }

        private void status(String field, JsonParser value) {
            switch (field) {
                case "authenticated" -> authenticated = Json.isTrue(value);
                case "allowed" -> allowed = Json.isTrue(value);
                case "user" -> Json.fields(value, this::user);
                default -> value.skipChildren();
            }
        }

        private void user(String field, JsonParser value) {
            switch (field) {
                case "username" -> name = Json.textOrEmpty(value);
                case "uid" -> uid = Json.textOrEmpty(value);
                case "groups" -> Json.elements(value, () -> groups.add(Json.textOrEmpty(value)));
                case "extra" -> Json.fields(value, this::extra);
                default -> value.skipChildren();
            }
        }

        private void extra(String key, JsonParser value) {
            List<String> values = new ArrayList<>();
            Json.elements(value, () -> values.add(Json.textOrEmpty(value)));
            extra.put(key, values);
        }
    }
}
