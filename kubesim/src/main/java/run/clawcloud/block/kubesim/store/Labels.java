package run.clawcloud.block.kubesim.store;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An object's labels, kept small so that a selector can be asked of 100,000 objects without parsing one of them. */
public final class Labels {

    /** No labels. */
    public static final Labels NONE = new Labels(new String[0], "", "");

    /** Key, value, key, value; keys are interned, in order. */
    private final String[] pairs;

    /** One label more, kept apart so that objects which differ only in this one share the others; empty for none. */
    private final String ownKey;

    private final String ownValue;

    private Labels(String[] pairs, String ownKey, String ownValue) {
        this.pairs = pairs;
        this.ownKey = ownKey;
        this.ownValue = ownValue;
    }

    /** The labels of {@code metadata.labels}; whatever is no string there is left out. */
    public static Labels of(JsonNode object) {
        JsonNode labels = object.path("metadata").path("labels");
        if (labels.isEmpty()) {
            return NONE;
        }
        Map<String, String> sorted = new TreeMap<>();
        labels.properties().forEach(label -> {
            if (label.getValue().isString()) {
                sorted.put(label.getKey(), label.getValue().asString());
            }
        });
        return of(sorted);
    }

    /** The same labels, in the order of the map. */
    public static Labels of(Map<String, String> labels) {
        String[] pairs = new String[labels.size() * 2];
        int i = 0;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            pairs[i++] = label.getKey().intern();
            pairs[i++] = label.getValue();
        }
        return new Labels(pairs, "", "");
    }

    /** These and one more, which they do not have; without a copy of these. */
    public Labels with(String key, String value) {
        return new Labels(pairs, key.intern(), value);
    }

    /** The value of the key, null if there is none. */
    public @Nullable String get(String key) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(key)) {
                return pairs[i + 1];
            }
        }
        return ownKey.equals(key) && !key.isEmpty() ? ownValue : null;
    }
}
