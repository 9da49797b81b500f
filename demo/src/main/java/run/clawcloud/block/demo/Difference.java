package run.clawcloud.block.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One place in which two JSON trees differ.
 *
 * @param path where, such as {@code spec.template.spec.containers[0].image}; empty for the whole
 * @param before the value in the first tree; null if there was none
 * @param after the value in the second tree; null if there is none
 */
record Difference(
        String path, @Nullable JsonNode before, @Nullable JsonNode after) {
    private static final int SHOWN = 120;

    /** All places in which {@code after} differs from {@code before}, in the order of their paths. */
    static List<Difference> between(JsonNode before, JsonNode after) {
        List<Difference> found = new ArrayList<>();
        collect("", before, after, found);
        return found;
    }

    private static void collect(
            String path, @Nullable JsonNode before, @Nullable JsonNode after, List<Difference> found) {
        if (before != null && after != null && before.isObject() && after.isObject()) {
            TreeSet<String> names = new TreeSet<>(before.propertyNames());
            names.addAll(after.propertyNames());
            for (String name : names) {
                collect(path.isEmpty() ? name : path + "." + name, before.get(name), after.get(name), found);
            }
        } else if (before != null && after != null && before.isArray() && after.isArray()) {
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                collect(path + "[" + i + "]", before.get(i), after.get(i), found);
            }
        } else if (before == null || !before.equals(after)) {
            found.add(new Difference(path, before, after));
        }
    }

    @Override
    public String toString() {
        return "%sbefore %s, after %s".formatted(path.isEmpty() ? "" : path + ": ", text(before), text(after));
    }

    private static String text(@Nullable JsonNode value) {
        String text = value == null ? "absent" : value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
