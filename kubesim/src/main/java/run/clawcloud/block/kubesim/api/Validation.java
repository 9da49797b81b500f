package run.clawcloud.block.kubesim.api;

import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.ObjectNode;

/** What the API refuses with 422. */
final class Validation {

    private Validation() {}

    static void onCreate(ResourceType type, ObjectNode object, FieldErrors errors) {
        if (object.path("metadata").path("name").asString("").isEmpty()) {
            errors.required("metadata.name", "name or generateName is required");
        }
    }

    static void onUpdate(ResourceType type, ObjectNode before, ObjectNode after, FieldErrors errors) {}
}
