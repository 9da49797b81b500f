package run.clawcloud.block.kubesim.crd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A structural schema, read once:
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 *
 * @param type {@code object}, {@code array}, {@code string}, {@code integer}, {@code number}, {@code boolean}; empty
 *     for any
 * @param nullable whether null is a value
 * @param intOrString {@code x-kubernetes-int-or-string}
 * @param preservesUnknown {@code x-kubernetes-preserve-unknown-fields}
 * @param embedded {@code x-kubernetes-embedded-resource}
 * @param properties in the order of the definition
 * @param additional of the values of a map; null if other properties are unknown
 * @param items of a list; null if it has none
 * @param listType {@code atomic}, {@code set} or {@code map}
 * @param mapKeys of a list of type {@code map}
 * @param defaultValue null if there is none
 * @param values what values must be like
 * @param rules {@code x-kubernetes-validations} at this place
 * @param hasRules whether there are any here or below
 */
record Schema(
        String type,
        boolean nullable,
        boolean intOrString,
        boolean preservesUnknown,
        boolean embedded,
        Map<String, Schema> properties,
        @Nullable Schema additional,
        @Nullable Schema items,
        String listType,
        List<String> mapKeys,
        @Nullable JsonNode defaultValue,
        ValueRules values,
        List<Rule> rules,
        boolean hasRules) {

    /**
     * One CEL rule.
     *
     * @param message empty for none
     * @param messageExpression empty for none
     * @param fieldPath empty for the place of the rule
     * @param reason of the error
     * @param optionalOldSelf whether it is asked of a new value too, with an optional {@code oldSelf}
     */
    record Rule(
            String rule,
            String message,
            String messageExpression,
            String fieldPath,
            String reason,
            boolean optionalOldSelf) {

        static Rule of(JsonNode json) {
            return new Rule(
                    json.path("rule").asString("").strip(),
                    json.path("message").asString("").strip(),
                    json.path("messageExpression").asString("").strip(),
                    json.path("fieldPath").asString("").strip(),
                    json.path("reason").asString("FieldValueInvalid"),
                    json.path("optionalOldSelf").asBoolean(false));
        }
    }

    /**
     * Reads the JSON of {@code openAPIV3Schema} or of a part of it; what is wrong with it, {@link SchemaCheck} says.
     */
    static Schema of(JsonNode json) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        json.path("properties").properties().forEach(p -> properties.put(p.getKey(), of(p.getValue())));
        JsonNode additional = json.path("additionalProperties");
        Schema values = additional.isObject() ? of(additional) : null;
        Schema items = json.path("items").isObject() ? of(json.path("items")) : null;
        List<Rule> rules = new ArrayList<>();
        json.path("x-kubernetes-validations").forEach(rule -> rules.add(Rule.of(rule)));
        boolean below = properties.values().stream().anyMatch(Schema::hasRules)
                || (values != null && values.hasRules())
                || (items != null && items.hasRules());
        return new Schema(
                json.path("type").asString(""),
                json.path("nullable").asBoolean(false),
                json.path("x-kubernetes-int-or-string").asBoolean(false),
                json.path("x-kubernetes-preserve-unknown-fields").asBoolean(false) || additional.asBoolean(false),
                json.path("x-kubernetes-embedded-resource").asBoolean(false),
                properties,
                values,
                items,
                json.path("x-kubernetes-list-type").asString("atomic"),
                strings(json.path("x-kubernetes-list-map-keys")),
                json.get("default"),
                ValueRules.of(json),
                List.copyOf(rules),
                below || !rules.isEmpty());
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(node -> node.asString("")).toList();
    }

    /** The schema of a field, null if nothing is known of it. */
    @Nullable
    Schema field(String name) {
        Schema property = properties.get(name);
        return property == null ? additional : property;
    }

    /** The types that a value may be of, as messages name them. */
    String typeNames() {
        return intOrString ? "integer,string" : type;
    }
}
