package run.clawcloud.block.bench.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One number that was measured.
 *
 * @param key what charts and scripts know it by, such as {@code rss}
 * @param name what people know it by
 * @param unit such as {@code MB}, empty for a ratio
 * @param goal what it is held against; null if it only explains others
 */
public record Figure(
        String key,
        String name,
        double value,
        String unit,
        @Nullable Goal goal) {
    /** A figure that is held against nothing. */
    public static Figure of(String key, String name, double value, String unit) {
        return new Figure(key, name, value, unit, null);
    }

    /**
     * Writes it as {@code {"key": "rss", "value": 96.5, "unit": "MB", "row": "P1", "target": "≤ 112", "met": true}}.
     */
    void write(ObjectNode json) {
        json.put("key", key).put("name", name).put("value", value).put("unit", unit);
        if (goal != null) {
            json.put("row", goal.row()).put("target", goal.toString()).put("met", goal.isMetBy(value));
        }
    }

    /** The value with three digits that matter, and its unit. */
    String text() {
        double size = Math.abs(value);
        String number = String.format(
                Locale.ROOT, size >= 100 || value == Math.rint(value) ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
        return unit.isEmpty() ? number : number + " " + unit;
    }
}
