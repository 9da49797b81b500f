package run.clawcloud.block.kubesim.crd;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The conditions in the status of a definition. */
final class Conditions {

    private Conditions() {}

    /** One condition. */
    record Condition(String type, boolean is, String reason, String message) {}

    static boolean isTrue(JsonNode status, String type) {
        return status.path("conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("type").asString("").equals(type)
                        && condition.path("status").asString("").equals("True"));
    }

    /** The time of the last change stays as it is when only the reason is another one. */
    static void set(ObjectNode status, Condition wanted, Instant now) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode array ? array : status.putArray("conditions");
        ObjectNode condition = conditions
                .valueStream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .filter(entry -> entry.path("type").asString("").equals(wanted.type()))
                .findFirst()
                .orElseGet(() -> conditions.addObject().put("type", wanted.type()));
        String text = wanted.is() ? "True" : "False";
        if (!condition.path("status").asString("").equals(text)) {
            condition
                    .put("status", text)
                    .put(
                            "lastTransitionTime",
                            now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition.put("reason", wanted.reason()).put("message", wanted.message());
    }
}
