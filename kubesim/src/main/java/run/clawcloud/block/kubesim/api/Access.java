package run.clawcloud.block.kubesim.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whom the cluster knows by a token, and what they may do with paths that are no resources: nobody and nothing until it
 * is told. It answers reviews; the cluster itself lets everybody do everything, whatever token they have. Thread-safe.
 */
public final class Access {

    private static final String MASTERS = "system:masters";
    private static final String AUTHENTICATED = "system:authenticated";

    private record User(String name, List<String> groups) {}

    private record Permission(String subject, String verb, String path) {}

    private final Map<String, User> users = new ConcurrentHashMap<>();
    private final Set<Permission> permissions = ConcurrentHashMap.newKeySet();

    /** From now on the token is that user's. */
    public void know(String token, String user, String... groups) {
        List<String> all = new ArrayList<>(List.of(groups));
        all.add(AUTHENTICATED);
        users.put(token, new User(user, List.copyOf(all)));
    }

    /** The token is nobody's any more. */
    public void forget(String token) {
        users.remove(token);
    }

    /** From now on that user, or whoever is in that group, may. */
    public void allow(String userOrGroup, String verb, String path) {
        permissions.add(new Permission(userOrGroup, verb, path));
    }

    /** From now on they may not. */
    public void deny(String userOrGroup, String verb, String path) {
        permissions.remove(new Permission(userOrGroup, verb, path));
    }

    /** Answers a TokenReview: whose token that is. */
    public ObjectNode reviewToken(ObjectNode review) {
        String token = review.path("spec").path("token").asString("");
        if (token.isEmpty()) {
            throw ApiException.badRequest("token is required for TokenReview in authentication");
        }
        ObjectNode status = status(review);
        ObjectNode told = status.putObject("user");
        User user = users.get(token);
        if (user == null) {
            status.put("error", "invalid bearer token");
            return review;
        }
        status.put("authenticated", true);
        told.put("username", user.name()).put("uid", user.name());
        user.groups().forEach(told.putArray("groups")::add);
        status.putArray("audiences").add("https://kubernetes.default.svc");
        return review;
    }

    /** Answers a SubjectAccessReview: whether somebody may. */
    public ObjectNode reviewAccess(ObjectNode review) {
        JsonNode spec = review.path("spec");
        JsonNode asked = spec.path("nonResourceAttributes");
        if (spec.has("resourceAttributes")) {
            throw asked.isMissingNode()
                    ? ApiException.badRequest("kubesim reviews access to paths only")
                    : invalid(
                            "spec.nonResourceAttributes", "cannot be specified in combination with resourceAttributes");
        }
        if (asked.isMissingNode()) {
            throw invalid(
                    "spec.resourceAttributes",
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        List<String> subjects = new ArrayList<>();
        spec.path("groups").forEach(group -> subjects.add(group.asString()));
        subjects.add(spec.path("user").asString(""));
        subjects.removeIf(String::isEmpty);
        if (subjects.isEmpty()) {
            throw invalid("spec.user", "at least one of user or group must be specified");
        }
        String verb = asked.path("verb").asString("");
        String path = asked.path("path").asString("");
        status(review)
                .put(
                        "allowed",
                        subjects.stream()
                                .anyMatch(subject -> subject.equals(MASTERS)
                                        || permissions.contains(new Permission(subject, verb, path))));
        return review;
    }

    private static ApiException invalid(String field, String why) {
        return ApiException.of(
                422, "Invalid", "The request is invalid: " + field + ": Invalid value: \"\": " + why, Json.object());
    }

    private static ObjectNode status(ObjectNode review) {
        Json.child(review, "metadata").putNull("creationTimestamp");
        return review.putObject("status");
    }
}
