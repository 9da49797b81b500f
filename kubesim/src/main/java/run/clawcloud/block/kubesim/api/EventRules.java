package run.clawcloud.block.kubesim.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What is refused of an Event, in its stored form. Rules and words are those of legacyValidateEvent in
 * k8s.io/kubernetes/pkg/apis/core/validation/events.go.
 */
final class EventRules {

    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_NOTE = 1024;

    private EventRules() {}

    static void check(JsonNode event, FieldErrors errors) {
        String namespace = event.path("metadata").path("namespace").asString("");
        String regarded = event.path("involvedObject").path("namespace").asString("");
        boolean clusterScoped =
                regarded.isEmpty() && List.of("default", "kube-system").contains(namespace);
        boolean series = !event.path("eventTime").asString("").isEmpty();
        boolean fits = clusterScoped || regarded.equals(namespace) || (series && !regarded.isEmpty());
        if (!fits) {
            errors.invalid("involvedObject.namespace", regarded, "does not match event.namespace");
        }
        if (series) {
            required(event, "reportingComponent", "reportingController", errors);
            required(event, "reportingInstance", "reportingInstance", errors);
            required(event, "action", "action", errors);
            required(event, "reason", "reason", errors);
            limited(event, "message", LONGEST_NOTE, errors);
        }
    }

    private static void required(JsonNode event, String field, String name, FieldErrors errors) {
        if (event.path(field).asString("").isEmpty()) {
            errors.required(name, "");
        }
        limited(event, field, LONGEST_NAME, errors);
    }

    private static void limited(JsonNode event, String field, int longest, FieldErrors errors) {
        if (event.path(field).asString("").getBytes(StandardCharsets.UTF_8).length > longest) {
            errors.invalid(field, "", "can have at most " + longest + " characters");
        }
    }
}
