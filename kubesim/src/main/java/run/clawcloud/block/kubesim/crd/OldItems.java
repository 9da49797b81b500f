package run.clawcloud.block.kubesim.crd;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the items of a list were before: known only of a list of type {@code map}, where keys tell which is which. */
final class OldItems {

    private static final OldItems NONE = new OldItems(List.of(), Map.of());

    private final List<String> keys;
    private final Map<List<JsonNode>, JsonNode> byKey;

    private OldItems(List<String> keys, Map<List<JsonNode>, JsonNode> byKey) {
        this.keys = keys;
        this.byKey = byKey;
    }

    static OldItems of(Schema list, @Nullable JsonNode old) {
        if (old == null || !list.listType().equals("map")) {
            return NONE;
        }
        Map<List<JsonNode>, JsonNode> byKey = new HashMap<>();
        old.forEach(item -> byKey.put(key(list.mapKeys(), item), item));
        return new OldItems(list.mapKeys(), byKey);
    }

    @Nullable
    JsonNode of(JsonNode item) {
        return byKey.isEmpty() ? null : byKey.get(key(keys, item));
    }

    private static List<JsonNode> key(List<String> fields, JsonNode item) {
        return fields.stream().map(item::path).toList();
    }
}
