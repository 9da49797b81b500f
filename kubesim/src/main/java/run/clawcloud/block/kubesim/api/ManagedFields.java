package run.clawcloud.block.kubesim.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Remembers who wrote which fields, as {@code metadata.managedFields} does: one entry for each manager and subresource.
 * Who loses a field to another is not followed: the entries are there for their size and look.
 */
final class ManagedFields {

    private static final String FIELD = "managedFields";

    private ManagedFields() {}

    static void record(@Nullable ObjectNode before, ObjectNode after, Subresource part, Caller by, String now) {
        ObjectNode changed = changed(before == null ? Json.object() : before, after);
        changed.remove(List.of("f:kind", "f:apiVersion"));
        forgetWhatThePartResets(changed, after, part);
        if (changed.get("f:metadata") instanceof ObjectNode metadata) {
            metadata.properties().removeIf(field -> switch (field.getKey()) {
                case "f:labels", "f:annotations", "f:ownerReferences", "f:finalizers", "f:generateName" -> false;
                default -> true;
            });
            if (metadata.isEmpty()) {
                changed.remove("f:metadata");
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        ObjectNode entry = entry(after, part, by);
        entry.put("time", now).put("fieldsType", "FieldsV1");
        merge(Json.child(entry, "fieldsV1"), changed);
    }

    private static void forgetWhatThePartResets(ObjectNode changed, ObjectNode object, Subresource part) {
        boolean namespace = object.path("kind").asString("").equals(Kinds.NAMESPACES.kind());
        switch (part) {
            case NONE -> changed.remove(namespace ? List.of("f:spec", "f:status") : List.of("f:status"));
            case STATUS -> changed.remove("f:spec");
            case SCALE, FINALIZE, BINDING -> {}
        }
    }

    private static ObjectNode entry(ObjectNode object, Subresource part, Caller by) {
        ObjectNode metadata = Json.child(object, "metadata");
        ArrayNode entries = metadata.get(FIELD) instanceof ArrayNode array ? array : metadata.putArray(FIELD);
        for (JsonNode entry : entries) {
            if (entry.path("manager").asString("").equals(by.manager())
                    && entry.path("subresource").asString("").equals(part.path())) {
                return (ObjectNode) entry;
            }
        }
        ObjectNode entry = entries.addObject()
                .put("manager", by.manager())
                .put("operation", "Update")
                .put("apiVersion", object.path("apiVersion").asString(""));
        if (part != Subresource.NONE) {
            entry.put("subresource", part.path());
        }
        return entry;
    }

    private static ObjectNode changed(JsonNode before, JsonNode after) {
        ObjectNode fields = Json.object();
        after.properties().forEach(field -> {
            JsonNode was = before.path(field.getKey());
            JsonNode is = field.getValue();
            if (!is.equals(was)) {
                ObjectNode below = fields.putObject("f:" + field.getKey());
                if (is.isObject() && !was.isObject()) {
                    below.putObject(".");
                }
                if (is.isObject()) {
                    below.setAll(changed(was, is));
                }
            }
        });
        return fields;
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(field -> {
            if (into.get(field.getKey()) instanceof ObjectNode there && field.getValue() instanceof ObjectNode more) {
                merge(there, more);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }
}
