package run.clawcloud.block.kubesim.crd;

import java.util.HashMap;
import java.util.Map;
import run.clawcloud.block.kubesim.api.FieldErrors;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code x-kubernetes-list-type} and {@code x-kubernetes-embedded-resource} demand. */
final class Invariants {

    private final FieldErrors errors;

    private Invariants(FieldErrors errors) {
        this.errors = errors;
    }

    /** That embedded objects say what they are. */
    static void checkEmbedded(Schema schema, JsonNode object, FieldErrors errors) {
        new Invariants(errors).embedded(schema, object, FieldPath.ROOT);
    }

    /** That no item of a set and no key of a list of type {@code map} is there twice. */
    static void checkLists(Schema schema, JsonNode object, FieldErrors errors) {
        new Invariants(errors).lists(schema, object, FieldPath.ROOT);
    }

    private interface Check {
        void at(Schema schema, JsonNode value, FieldPath path);
    }

    private static void below(Schema schema, JsonNode value, FieldPath path, Check check) {
        if (value.isObject()) {
            value.properties().forEach(field -> {
                String name = field.getKey();
                Schema property = schema.properties().get(name);
                if (property != null) {
                    check.at(property, field.getValue(), path.child(name));
                } else if (schema.additional() != null) {
                    check.at(schema.additional(), field.getValue(), path.key(name));
                }
            });
        } else if (value.isArray() && schema.items() != null) {
            for (int i = 0; i < value.size(); i++) {
                if (value.get(i).isContainer()) {
                    check.at(schema.items(), value.get(i), path.index(i));
                }
            }
        }
    }

    private void embedded(Schema schema, JsonNode value, FieldPath path) {
        if (schema.embedded() && value.isObject()) {
            for (String field : new String[] {"apiVersion", "kind"}) {
                if (value.path(field).asString("").isEmpty()) {
                    errors.required(path.child(field).field(), "must not be empty");
                }
            }
        }
        below(schema, value, path, this::embedded);
    }

    private void lists(Schema schema, JsonNode value, FieldPath path) {
        if (value.isArray()) {
            switch (schema.listType()) {
                case "set" -> unique(value, path);
                case "map" -> uniqueKeys(schema, value, path);
                default -> {}
            }
        }
        below(schema, value, path, this::lists);
    }

    private void unique(JsonNode list, FieldPath path) {
        Map<JsonNode, Integer> seen = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            reportSecond(seen, list.get(i), path.index(i));
        }
    }

    private void uniqueKeys(Schema schema, JsonNode list, FieldPath path) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            if (!item.isObject() && !item.isNull()) {
                errors.invalidGo(
                        path.index(i).field(), GoValue.of(item), "must be an object for an array of list-type map");
                return;
            }
        }
        Map<JsonNode, Integer> seen = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            ObjectNode key = Json.object();
            for (String field : schema.mapKeys()) {
                JsonNode part = list.get(i).get(field);
                if (part != null) {
                    key.set(field, part);
                }
            }
            reportSecond(seen, key, path.index(i));
        }
    }

    /** Of three that are equal, the second is named and the third is not. */
    private void reportSecond(Map<JsonNode, Integer> seen, JsonNode value, FieldPath path) {
        if (seen.merge(value, 1, Integer::sum) == 2) {
            errors.duplicate(path.field(), GoValue.of(value));
        }
    }
}
