package run.clawcloud.block.kubesim.controllers;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and builds {@code metadata}: names, labels, annotations and who owns what. */
final class Meta {

    /** An entry of {@code metadata.ownerReferences}. */
    record Owner(String apiVersion, String kind, String name, String uid) {
        static Owner of(JsonNode reference) {
            return new Owner(
                    reference.path("apiVersion").asString(""),
                    reference.path("kind").asString(""),
                    reference.path("name").asString(""),
                    reference.path("uid").asString(""));
        }
    }

    private Meta() {}

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asString("");
    }

    static String namespace(JsonNode object) {
        return object.path("metadata").path("namespace").asString("");
    }

    static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asString("");
    }

    /** An int, as a parsed tree has it: Jackson's nodes for 1 and 1L are not equal. */
    static int generation(JsonNode object) {
        return object.path("metadata").path("generation").asInt(0);
    }

    static String created(JsonNode object) {
        return object.path("metadata").path("creationTimestamp").asString("");
    }

    /** Whether it is being deleted: a finalizer or a grace period still holds it. */
    static boolean deleting(JsonNode object) {
        return object.path("metadata").hasNonNull("deletionTimestamp");
    }

    static @Nullable String annotation(JsonNode object, String key) {
        JsonNode value = object.path("metadata").path("annotations").path(key);
        return value.isString() ? value.asString() : null;
    }

    static Map<String, String> labels(JsonNode object) {
        return strings(object.path("metadata").path("labels"));
    }

    /** A map of strings, as labels and simple selectors are. */
    static Map<String, String> strings(JsonNode node) {
        Map<String, String> strings = new TreeMap<>();
        node.properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asString("")));
        return strings;
    }

    /** The owner that controls it, null if none does. */
    static @Nullable Owner controller(JsonNode object) {
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            if (reference.path("controller").asBoolean(false)) {
                return Owner.of(reference);
            }
        }
        return null;
    }

    static boolean controlledBy(JsonNode object, String uid) {
        Owner owner = controller(object);
        return owner != null && owner.uid().equals(uid);
    }

    /** Makes {@code owner} the controller of {@code object}. */
    static void setController(ObjectNode object, ResourceType type, JsonNode owner) {
        ObjectNode metadata = Json.child(object, "metadata");
        ArrayNode references = metadata.get("ownerReferences") instanceof ArrayNode present
                ? present
                : metadata.putArray("ownerReferences");
        references
                .addObject()
                .put("apiVersion", type.apiVersion())
                .put("kind", type.kind())
                .put("name", name(owner))
                .put("uid", uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** Sets an annotation. Returns whether that changes anything. */
    static boolean annotate(ObjectNode object, String key, String value) {
        if (value.equals(annotation(object, key))) {
            return false;
        }
        Json.child(Json.child(object, "metadata"), "annotations").put(key, value);
        return true;
    }

    /** {@code spec.replicas}; absent means 1. */
    static int replicas(JsonNode workload) {
        return workload.path("spec").path("replicas").asInt(1);
    }

    /** Puts a count, or takes it away when it is 0, as Go's {@code omitempty} does. */
    static void putUnlessZero(ObjectNode status, String field, int count) {
        if (count == 0) {
            status.remove(field);
        } else {
            status.put(field, count);
        }
    }
}
