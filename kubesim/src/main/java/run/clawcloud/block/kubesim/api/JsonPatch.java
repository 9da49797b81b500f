package run.clawcloud.block.kubesim.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * RFC 6902. All or nothing.
 *
 * @param operations in order
 */
record JsonPatch(List<Operation> operations) implements Patch {

    /** One operation; pointers are those of RFC 6901, split. */
    record Operation(
            String op,
            List<String> path,
            List<String> from,
            @Nullable JsonNode value) {}

    static JsonPatch of(ArrayNode array) {
        List<Operation> operations = new ArrayList<>();
        for (JsonNode operation : array) {
            operations.add(new Operation(
                    operation.path("op").asString(""),
                    pointer(operation.path("path")),
                    pointer(operation.path("from")),
                    operation.get("value")));
        }
        return new JsonPatch(List.copyOf(operations));
    }

    private static List<String> pointer(JsonNode text) {
        String pointer = text.asString("");
        if (pointer.isEmpty()) {
            return List.of();
        }
        List<String> steps = new ArrayList<>();
        for (String step : pointer.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    @Override
    public ObjectNode apply(ObjectNode object) {
        for (Operation operation : operations) {
            apply(object, operation);
        }
        return object;
    }

    private static void apply(ObjectNode object, Operation operation) {
        List<String> path = operation.path();
        switch (operation.op()) {
            case "add" -> add(object, path, value(operation));
            case "remove" -> remove(object, path);
            case "replace" -> {
                remove(object, path);
                add(object, path, value(operation));
            }
            case "move" -> add(object, path, remove(object, operation.from()));
            case "copy" -> add(object, path, find(object, operation.from()).deepCopy());
            case "test" -> {
                if (!find(object, path).equals(value(operation))) {
                    throw refused();
                }
            }
            default -> throw refused();
        }
    }

    private static JsonNode value(Operation operation) {
        JsonNode value = operation.value();
        if (value == null) {
            throw refused();
        }
        return value.deepCopy();
    }

    private static JsonNode parent(ObjectNode object, List<String> path) {
        if (path.isEmpty()) {
            throw refused();
        }
        return find(object, path.subList(0, path.size() - 1));
    }

    private static JsonNode find(ObjectNode object, List<String> path) {
        JsonNode node = object;
        for (String step : path) {
            JsonNode next = node instanceof ArrayNode array ? array.get(index(step, array.size() - 1)) : node.get(step);
            if (next == null) {
                throw refused();
            }
            node = next;
        }
        return node;
    }

    private static void add(ObjectNode object, List<String> path, JsonNode value) {
        JsonNode parent = parent(object, path);
        String last = path.getLast();
        switch (parent) {
            case ObjectNode node -> node.set(last, value);
            case ArrayNode array -> array.insert(last.equals("-") ? array.size() : index(last, array.size()), value);
            default -> throw refused();
        }
    }

    private static JsonNode remove(ObjectNode object, List<String> path) {
        JsonNode parent = parent(object, path);
        String last = path.getLast();
        JsonNode removed = switch (parent) {
            case ObjectNode node -> node.remove(last);
            case ArrayNode array -> array.remove(index(last, array.size() - 1));
            default -> null;
        };
        if (removed == null) {
            throw refused();
        }
        return removed;
    }

    private static int index(String step, int greatest) {
        try {
            int index = Integer.parseInt(step);
            if (index >= 0 && index <= greatest) {
                return index;
            }
        } catch (NumberFormatException _) {
            // Falls through to the refusal below.
        }
        throw refused();
    }

    private static ApiException refused() {
        return ApiException.unprocessable("the server rejected our request due to an error in our request");
    }
}
