package run.clawcloud.block.kubesim.controllers;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code status.conditions}, changed as little as the real controllers change them: nothing while status and reason
 * stay; {@code lastTransitionTime} only with the status; a changed condition moves to the end.
 */
final class Conditions {

    private Conditions() {}

    /** The condition of that type, null if there is none. */
    static @Nullable ObjectNode find(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asString("").equals(type) && condition instanceof ObjectNode found) {
                return found;
            }
        }
        return null;
    }

    /** Whether the condition of that type is {@code True}. */
    static boolean isTrue(JsonNode status, String type) {
        JsonNode condition = find(status, type);
        return condition != null && condition.path("status").asString("").equals("True");
    }

    /**
     * Sets a condition.
     *
     * @param timeField beside {@code lastTransitionTime}, the time field that this kind of object has, null if none:
     *     {@code lastUpdateTime} or {@code lastProbeTime}
     * @param now RFC 3339
     */
    static void set(
            ObjectNode status,
            String type,
            boolean value,
            String reason,
            String message,
            @Nullable String timeField,
            String now) {
        String text = value ? "True" : "False";
        JsonNode before = find(status, type);
        String transition = now;
        if (before != null && before.path("status").asString("").equals(text)) {
            if (before.path("reason").asString("").equals(reason)) {
                return;
            }
            transition = before.path("lastTransitionTime").asString(now);
        }
        remove(status, type);
        ObjectNode condition = (status.get("conditions") instanceof ArrayNode present
                        ? present
                        : status.putArray("conditions"))
                .addObject()
                .put("type", type)
                .put("status", text);
        if (timeField != null) {
            condition.put(timeField, now);
        }
        condition.put("lastTransitionTime", transition).put("reason", reason).put("message", message);
    }

    /** Takes a condition away, and the list with the last of them. */
    static void remove(ObjectNode status, String type) {
        if (status.get("conditions") instanceof ArrayNode conditions) {
            for (int i = conditions.size() - 1; i >= 0; i--) {
                if (conditions.get(i).path("type").asString("").equals(type)) {
                    conditions.remove(i);
                }
            }
            if (conditions.isEmpty()) {
                status.remove("conditions");
            }
        }
    }
}
