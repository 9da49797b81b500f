package run.clawcloud.block.kubesim.api;

import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * RFC 7386.
 *
 * @param patch null takes a field away, an object is merged, all else replaces
 */
record MergePatch(ObjectNode patch) implements Patch {

    @Override
    public ObjectNode apply(ObjectNode object) {
        merge(object, patch);
        return object;
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        patch.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (value.isNull()) {
                into.remove(name);
            } else if (value instanceof ObjectNode below) {
                ObjectNode there = into.get(name) instanceof ObjectNode object ? object : Json.object();
                merge(there, below);
                into.set(name, there);
            } else {
                into.set(name, value.deepCopy());
            }
        });
    }
}
