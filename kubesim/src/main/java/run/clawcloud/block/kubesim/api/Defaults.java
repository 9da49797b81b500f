package run.clawcloud.block.kubesim.api;

import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the API fills in, as far as a controller of workloads can see it. */
final class Defaults {

    private Defaults() {}

    static void onCreate(ResourceType type, ObjectNode object) {
        switch (type.kind()) {
            case "Namespace" -> namespace(object);
            case "Pod" -> Json.child(object, "status").put("phase", "Pending");
            default -> {}
        }
        onEveryWrite(type, object);
    }

    static void onUpdate(ResourceType type, ObjectNode before, ObjectNode after) {
        onEveryWrite(type, after);
    }

    private static void namespace(ObjectNode object) {
        Json.child(object, "spec").putArray("finalizers").add("kubernetes");
        Json.child(object, "status").put("phase", "Active");
        nameLabel(object);
    }

    private static void nameLabel(ObjectNode object) {
        ObjectNode metadata = Json.child(object, "metadata");
        Json.child(metadata, "labels")
                .put("kubernetes.io/metadata.name", metadata.path("name").asString(""));
    }

    private static void onEveryWrite(ResourceType type, ObjectNode object) {
        switch (type.kind()) {
            case "Deployment", "ReplicaSet", "StatefulSet", "ReplicationController" -> absent(object, "replicas", 1);
            default -> {}
        }
    }

    private static void absent(ObjectNode object, String field, int value) {
        ObjectNode spec = Json.child(object, "spec");
        JsonNode present = spec.get(field);
        if (present == null || present.isNull()) {
            spec.put(field, value);
        }
    }
}
