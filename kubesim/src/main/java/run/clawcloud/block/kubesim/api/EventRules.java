package run.clawcloud.block.kubesim.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What is refused of an Event, in its stored form. Rules and words are those of
 * k8s.io/kubernetes/pkg/apis/core/validation/events.go: whoever writes by events.k8s.io/v1 is held to more of them.
 */
final class EventRules {

    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_NOTE = 1024;
    private static final int SHORTEST_SERIES = 2;

    /** In the order of their errors. Reason is there twice, as it is there. */
    private static final List<String> IMMUTABLE = List.of(
            "involvedObject",
            "reason",
            "message",
            "source",
            "firstTimestamp",
            "lastTimestamp",
            "count",
            "reason",
            "type",
            "eventTime",
            "action",
            "related",
            "reportingController",
            "reportingInstance");

    private EventRules() {}

    /** Of every write. */
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

    /** Of a new one that is written by events.k8s.io/v1. */
    static void checkNew(JsonNode event, FieldErrors errors) {
        series(event, errors);
        if (event.path("eventTime").asString("").isEmpty()) {
            errors.required("eventTime", "");
        }
        String type = event.path("type").asString("");
        if (!List.of("Normal", "Warning").contains(type)) {
            errors.invalid("type", "", "has invalid value: " + type);
        }
        for (String old : List.of("firstTimestamp", "lastTimestamp", "count", "source")) {
            if (!isUnset(event.path(old))) {
                errors.invalid(old, "", "needs to be unset");
            }
        }
    }

    /** Of a change that is written by events.k8s.io/v1: one of the series, or of metadata. */
    static void checkChange(JsonNode before, JsonNode after, FieldErrors errors) {
        if (!before.path("series").equals(after.path("series"))) {
            series(after, errors);
        }
        for (String name : IMMUTABLE) {
            String field = name.equals("reportingController") ? "reportingComponent" : name;
            JsonNode was = before.path(field);
            JsonNode is = after.path(field);
            if (!was.equals(is) && !(isUnset(was) && isUnset(is))) {
                errors.invalid(name, is, "field is immutable");
            }
        }
    }

    private static void series(JsonNode event, FieldErrors errors) {
        JsonNode series = event.path("series");
        if (!series.isObject()) {
            return;
        }
        if (series.path("count").asInt(0) < SHORTEST_SERIES) {
            errors.invalid("series.count", "", "should be at least " + SHORTEST_SERIES);
        }
        if (series.path("lastObservedTime").asString("").isEmpty()) {
            errors.required("series.lastObservedTime", "");
        }
    }

    private static boolean isUnset(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING, NULL -> true;
            case NUMBER -> value.asInt() == 0;
            case OBJECT -> value.valueStream().allMatch(EventRules::isUnset);
            default -> value.asString("").isEmpty();
        };
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
