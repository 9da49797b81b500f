package run.clawcloud.block.kubesim.crd;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds the fields of which a schema says nothing, and takes them away. */
final class UnknownFields {

    /** Of any object that is one by itself. */
    private static final Set<String> OF_OBJECTS = Set.of("apiVersion", "kind", "metadata");

    /** Of apimachinery's ObjectMeta. */
    private static final Set<String> OF_METADATA = Set.of(
            "name",
            "generateName",
            "namespace",
            "selfLink",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers",
            "managedFields");

    private final boolean remove;
    private final Set<String> found = new TreeSet<>();

    private UnknownFields(boolean remove) {
        this.remove = remove;
    }

    /** Their paths, in order. */
    static List<String> find(Schema schema, ObjectNode object) {
        UnknownFields fields = new UnknownFields(false);
        fields.inObject(schema, true, object, FieldPath.ROOT);
        return List.copyOf(fields.found);
    }

    static void remove(Schema schema, ObjectNode object) {
        new UnknownFields(true).inObject(schema, true, object, FieldPath.ROOT);
    }

    private void inValue(Schema schema, JsonNode value, FieldPath path) {
        if (value instanceof ObjectNode object) {
            inObject(schema, schema.embedded(), object, path);
        } else if (value.isArray() && schema.items() != null) {
            for (int i = 0; i < value.size(); i++) {
                inValue(schema.items(), value.get(i), path.index(i));
            }
        }
    }

    private void inObject(Schema schema, boolean whole, ObjectNode object, FieldPath path) {
        List<String> unknown = new ArrayList<>();
        object.properties().forEach(field -> {
            String name = field.getKey();
            Schema below = schema.field(name);
            if (whole && OF_OBJECTS.contains(name)) {
                inMetadata(name, field.getValue(), path.child(name));
            } else if (below != null) {
                inValue(below, field.getValue(), path.child(name));
            } else if (!schema.preservesUnknown()) {
                unknown.add(name);
            }
        });
        drop(object, unknown, path);
    }

    private void inMetadata(String name, JsonNode value, FieldPath path) {
        if (name.equals("metadata") && value instanceof ObjectNode metadata) {
            List<String> unknown = metadata.propertyStream()
                    .map(field -> field.getKey())
                    .filter(field -> !OF_METADATA.contains(field))
                    .toList();
            drop(metadata, unknown, path);
        }
    }

    private void drop(ObjectNode object, List<String> unknown, FieldPath path) {
        unknown.forEach(name -> found.add(path.child(name).toString()));
        if (remove) {
            object.remove(unknown);
        }
    }
}
