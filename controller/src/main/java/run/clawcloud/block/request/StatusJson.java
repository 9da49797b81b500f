package run.clawcloud.block.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.BlockRequestStatus.Condition;
import run.clawcloud.block.api.BlockRequestStatus.NamespaceStatus;
import run.clawcloud.block.kube.Json;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** The status of a BlockRequest as JSON. */
public final class StatusJson {

    private StatusJson() {}

    /** Reads the status that the parser stands at and leaves the parser at its end. */
    static BlockRequestStatus read(JsonParser parser) {
        Reading reading = new Reading();
        Json.fields(parser, reading::field);
        return new BlockRequestStatus(
                reading.number("observedGeneration"),
                reading.conditions,
                reading.number("targetCount"),
                reading.number("lockedCount"),
                reading.number("failedCount"),
                reading.number("processedNamespaceCount"),
                reading.continueToken,
                reading.namespaceStatuses);
    }

    private static final class Reading {
        private final Map<String, Long> numbers = new HashMap<>();
        private final List<Condition> conditions = new ArrayList<>();
        private final List<NamespaceStatus> namespaceStatuses = new ArrayList<>();
        private String continueToken = "";

        private long number(String field) {
            return numbers.getOrDefault(field, 0L);
        }

        private void field(String field, JsonParser value) {
            switch (field) {
                case "observedGeneration", "targetCount", "lockedCount", "failedCount", "processedNamespaceCount" ->
                    numbers.put(field, Json.number(value, 0));
                case "selectorContinueToken" -> continueToken = Json.textOrEmpty(value);
                case "conditions" -> Json.elements(value, () -> conditions.add(condition(value)));
                case "namespaceStatuses" -> Json.elements(value, () -> namespaceStatuses.add(namespaceStatus(value)));
                default -> value.skipChildren();
            }
        }

        private static Condition condition(JsonParser parser) {
            long[] generation = {0};
            Map<String, String> texts = new HashMap<>();
            Json.fields(parser, (field, value) -> {
                switch (field) {
                    case "observedGeneration" -> generation[0] = Json.number(value, 0);
                    case "type", "status", "lastTransitionTime", "reason", "message" ->
                        texts.put(field, Json.textOrEmpty(value));
                    default -> value.skipChildren();
                }
            });
            return new Condition(
                    texts.getOrDefault("type", ""),
                    texts.getOrDefault("status", ""),
                    generation[0],
                    texts.getOrDefault("lastTransitionTime", ""),
                    texts.getOrDefault("reason", ""),
                    texts.getOrDefault("message", ""));
        }

        private static NamespaceStatus namespaceStatus(JsonParser parser) {
            Map<String, String> texts = new HashMap<>();
            Json.fields(parser, (field, value) -> {
                switch (field) {
                    case "namespace", "phase", "message" -> texts.put(field, Json.textOrEmpty(value));
                    default -> value.skipChildren();
                }
            });
            return new NamespaceStatus(
                    texts.getOrDefault("namespace", ""),
                    texts.getOrDefault("phase", ""),
                    texts.getOrDefault("message", ""));
        }
    }

    /** Writes the status as the value of a field of that name. Every field is there, so that none of before is left. */
    public static void write(JsonGenerator json, String field, BlockRequestStatus status) {
        json.writeObjectPropertyStart(field);
        json.writeNumberProperty("observedGeneration", status.observedGeneration());
        json.writeArrayPropertyStart("conditions");
        for (Condition each : status.conditions()) {
            json.writeStartObject();
            json.writeStringProperty("type", each.type());
            json.writeStringProperty("status", each.status());
            json.writeNumberProperty("observedGeneration", each.observedGeneration());
            json.writeStringProperty("lastTransitionTime", each.lastTransitionTime());
            json.writeStringProperty("reason", each.reason());
            json.writeStringProperty("message", each.message());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberProperty("targetCount", status.targetCount());
        json.writeNumberProperty("lockedCount", status.lockedCount());
        json.writeNumberProperty("failedCount", status.failedCount());
        json.writeNumberProperty("processedNamespaceCount", status.processedNamespaceCount());
        json.writeStringProperty("selectorContinueToken", status.selectorContinueToken());
        json.writeArrayPropertyStart("namespaceStatuses");
        for (NamespaceStatus each : status.namespaceStatuses()) {
            json.writeStartObject();
            json.writeStringProperty("namespace", each.namespace());
            json.writeStringProperty("phase", each.phase());
            if (!each.message().isEmpty()) {
                json.writeStringProperty("message", each.message());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
