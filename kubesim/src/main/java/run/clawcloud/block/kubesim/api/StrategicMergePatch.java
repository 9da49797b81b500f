package run.clawcloud.block.kubesim.api;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A strategic merge patch: as a merge patch, but lists whose elements have a key are merged element by element.
 * Directives {@code $patch}, {@code $retainKeys}, {@code $deleteFromPrimitiveList} and {@code $setElementOrder} as in
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md.
 * The keys are the {@code patchMergeKey}s of the built-in types; lists that are not named here are replaced.
 *
 * @param patch the patch
 */
record StrategicMergePatch(ObjectNode patch) implements Patch {

    private static final Map<String, String> MERGE_KEYS = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("ephemeralContainers", "name"),
            Map.entry("volumes", "name"),
            Map.entry("env", "name"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("secrets", "name"),
            Map.entry("schedulingGates", "name"),
            Map.entry("resourceClaims", "name"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("hostAliases", "ip"),
            Map.entry("topologySpreadConstraints", "topologyKey"),
            Map.entry("conditions", "type"),
            Map.entry("addresses", "type"),
            Map.entry("taints", "key"),
            Map.entry("ownerReferences", "uid"));

    private static final Set<String> MERGED_PRIMITIVES = Set.of("finalizers");

    private static final String PATCH = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String DELETE_PRIMITIVES = "$deleteFromPrimitiveList/";
    private static final String ORDER = "$setElementOrder/";

    @Override
    public ObjectNode apply(ObjectNode object) {
        return merge(object, patch);
    }

    private static ObjectNode merge(ObjectNode into, ObjectNode patch) {
        if (patch.path(PATCH).asString("").equals("replace")) {
            ObjectNode replacement = patch.deepCopy();
            replacement.remove(PATCH);
            return replacement;
        }
        if (patch.path(PATCH).asString("").equals("delete")) {
            return Json.object();
        }
        retainKeys(into, patch);
        patch.properties().forEach(field -> {
            if (!field.getKey().startsWith("$")) {
                mergeField(into, field.getKey(), field.getValue());
            }
        });
        deletePrimitives(into, patch);
        reorder(into, patch);
        return into;
    }

    private static void retainKeys(ObjectNode into, ObjectNode patch) {
        if (patch.has(RETAIN_KEYS)) {
            Set<String> keep = strings(patch.path(RETAIN_KEYS));
            into.properties().removeIf(field -> !keep.contains(field.getKey()));
        }
    }

    private static void mergeField(ObjectNode into, String name, JsonNode value) {
        JsonNode there = into.get(name);
        switch (value) {
            case ObjectNode below -> {
                boolean deleted = below.path(PATCH).asString("").equals("delete");
                if (deleted) {
                    into.remove(name);
                } else {
                    into.set(name, merge(there instanceof ObjectNode object ? object : Json.object(), below));
                }
            }
            case ArrayNode list ->
                into.set(name, mergeList(name, there instanceof ArrayNode array ? array : null, list));
            default -> {
                if (value.isNull()) {
                    into.remove(name);
                } else {
                    into.set(name, value);
                }
            }
        }
    }

    private static ArrayNode mergeList(String name, @Nullable ArrayNode there, ArrayNode patch) {
        ArrayNode merged = there == null ? Json.object().putArray(name) : there.deepCopy();
        if (MERGED_PRIMITIVES.contains(name)) {
            Set<String> present = strings(merged);
            patch.forEach(value -> {
                if (present.add(value.asString(""))) {
                    merged.add(value);
                }
            });
            return merged;
        }
        String key = mergeKey(name, patch);
        if (key == null) {
            return patch.deepCopy();
        }
        for (JsonNode element : patch) {
            if (element instanceof ObjectNode object
                    && !object.has(key)
                    && object.path(PATCH).asString("").equals("replace")) {
                return withoutDirectives(patch);
            }
            mergeElement(merged, key, element);
        }
        return merged;
    }

    private static ArrayNode withoutDirectives(ArrayNode patch) {
        ArrayNode kept = patch.deepCopy();
        for (int i = kept.size() - 1; i >= 0; i--) {
            if (kept.get(i).has(PATCH)) {
                kept.remove(i);
            }
        }
        return kept;
    }

    /** Container ports are keyed by containerPort, service ports by port; both fields are called ports. */
    private static @Nullable String mergeKey(String name, ArrayNode patch) {
        if (name.equals("ports")) {
            return !patch.isEmpty() && patch.get(0).has("containerPort") ? "containerPort" : "port";
        }
        return MERGE_KEYS.get(name);
    }

    private static void mergeElement(ArrayNode into, String key, JsonNode element) {
        int at = indexOf(into, key, element.path(key));
        boolean delete = element.path(PATCH).asString("").equals("delete");
        if (delete) {
            if (at >= 0) {
                into.remove(at);
            }
        } else if (at >= 0 && into.get(at) instanceof ObjectNode there && element instanceof ObjectNode patch) {
            into.set(at, merge(there, patch));
        } else if (element instanceof ObjectNode patch) {
            into.add(merge(Json.object(), patch));
        } else {
            into.add(element);
        }
    }

    private static int indexOf(ArrayNode array, String key, JsonNode value) {
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i).path(key).equals(value)) {
                return i;
            }
        }
        return -1;
    }

    private static void deletePrimitives(ObjectNode into, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (field.getKey().startsWith(DELETE_PRIMITIVES)
                    && into.get(field.getKey().substring(DELETE_PRIMITIVES.length())) instanceof ArrayNode list) {
                Set<String> doomed = strings(field.getValue());
                for (int i = list.size() - 1; i >= 0; i--) {
                    if (doomed.contains(list.get(i).asString(""))) {
                        list.remove(i);
                    }
                }
            }
        });
    }

    /** Elements that the directive names take its order; the others keep theirs, behind. */
    private static void reorder(ObjectNode into, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (!field.getKey().startsWith(ORDER)) {
                return;
            }
            String name = field.getKey().substring(ORDER.length());
            if (into.get(name) instanceof ArrayNode list && field.getValue() instanceof ArrayNode order) {
                into.set(name, inOrder(name, list, order));
            }
        });
    }

    private static ArrayNode inOrder(String name, ArrayNode list, ArrayNode order) {
        ArrayNode rest = list.deepCopy();
        ArrayNode sorted = Json.object().putArray(name);
        String key = mergeKey(name, order);
        for (JsonNode wanted : order) {
            for (int i = 0; i < rest.size(); i++) {
                JsonNode element = rest.get(i);
                boolean whole = key == null || !wanted.isObject();
                boolean same =
                        whole ? element.equals(wanted) : element.path(key).equals(wanted.path(key));
                if (same) {
                    sorted.add(element);
                    rest.remove(i);
                    break;
                }
            }
        }
        return sorted.addAll(rest);
    }

    private static Set<String> strings(JsonNode array) {
        Set<String> strings = new HashSet<>();
        array.forEach(value -> strings.add(value.asString("")));
        return strings;
    }
}
