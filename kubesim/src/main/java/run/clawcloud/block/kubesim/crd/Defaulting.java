package run.clawcloud.block.kubesim.crd;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts defaults where nothing is, takes nulls away where null is no value, and writes whole numbers as such. */
final class Defaulting {

    private Defaulting() {}

    static void apply(Schema schema, JsonNode value) {
        switch (value) {
            case ObjectNode object -> object(schema, object);
            case ArrayNode array when schema.items() != null -> items(schema.items(), array);
            default -> {}
        }
    }

    private static void object(Schema schema, ObjectNode object) {
        List<String> nulls = new ArrayList<>();
        object.properties().forEach(field -> {
            Schema below = schema.field(field.getKey());
            if (below != null && field.getValue().isNull() && !below.nullable()) {
                nulls.add(field.getKey());
            }
        });
        object.remove(nulls);
        schema.properties().forEach((name, property) -> {
            JsonNode standard = property.defaultValue();
            if (standard != null && !object.has(name)) {
                object.set(name, standard.deepCopy());
            }
        });
        object.properties().forEach(field -> {
            Schema below = schema.field(field.getKey());
            if (below != null) {
                whole(below, field.getValue(), object, field.getKey());
                apply(below, field.getValue());
            }
        });
    }

    /** {@code 5.0} is a whole number to JSON, and comes back as {@code 5}. */
    private static void whole(Schema schema, JsonNode value, ObjectNode parent, String name) {
        if (schema.type().equals("integer")
                && value.isFloatingPointNumber()
                && value.doubleValue() == Math.rint(value.doubleValue())
                && Math.abs(value.doubleValue()) < 1L << 53) {
            parent.put(name, (long) value.doubleValue());
        }
    }

    private static void items(Schema schema, ArrayNode array) {
        if (schema.properties().isEmpty() && schema.additional() == null && schema.items() == null) {
            return;
        }
        array.forEach(item -> apply(schema, item));
    }
}
