package run.clawcloud.block.feed;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/**
 * A compiled {@code metav1.LabelSelector}: every requirement has to hold; one without requirements matches everything.
 * Two are equal when they require the same.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors">Label
 *     selectors</a>
 */
public final class LabelSelector {

    /** What a requirement asks of a label. */
    public enum Operator {
        /** It is there and has one of the values. */
        IN("In"),
        /** It is not there, or has none of the values. */
        NOT_IN("NotIn"),
        /** It is there. */
        EXISTS("Exists"),
        /** It is not there. */
        DOES_NOT_EXIST("DoesNotExist");

        private final String spelling;

        Operator(String spelling) {
            this.spelling = spelling;
        }

        /** As JSON spells it. */
        @Override
        public String toString() {
            return spelling;
        }

        static @Nullable Operator of(@Nullable String spelling) {
            for (Operator each : values()) {
                if (each.spelling.equals(spelling)) {
                    return each;
                }
            }
            return null;
        }

        /** It compares with values, and without any it makes no sense. */
        boolean takesValues() {
            return this == IN || this == NOT_IN;
        }
    }

    /** One of {@code matchExpressions}. */
    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }
    }

    /** The labels of one object. */
    @FunctionalInterface
    interface Labels {
        /** Null when there is none of that key. */
        @Nullable
        CharSequence get(String key);
    }

    /** A requirement as it is evaluated. The values are sorted, each there once, and none for a test of existence. */
    private static final class Compiled {
        private final String key;
        private final Operator operator;
        private final String[] values;

        Compiled(String key, Operator operator, String[] values) {
            this.key = key;
            this.operator = operator;
            this.values = values;
        }

        boolean holds(@Nullable CharSequence label) {
            return switch (operator) {
                case IN -> label != null && has(label);
                case NOT_IN -> label == null || !has(label);
                case EXISTS -> label != null;
                case DOES_NOT_EXIST -> label == null;
            };
        }

        /** A binary search; {@link Arrays#binarySearch(Object[], Object)} would need a String. */
        private boolean has(CharSequence label) {
            int low = 0;
            int high = values.length - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int order = CharSequence.compare(values[middle], label);
                if (order == 0) {
                    return true;
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return false;
        }

        /** In the syntax of a query parameter and of kubectl. */
        @Override
        public String toString() {
            return switch (operator) {
                case IN -> key + " in (" + String.join(",", values) + ")";
                case NOT_IN -> key + " notin (" + String.join(",", values) + ")";
                case EXISTS -> key;
                case DOES_NOT_EXIST -> "!" + key;
            };
        }
    }

    private final Compiled[] requirements;
    private final String text;

    private LabelSelector(Compiled[] requirements) {
        this.requirements = requirements;
        this.text = Arrays.stream(requirements).map(Compiled::toString).collect(Collectors.joining(","));
    }

    /** Compiles a selector. */
    public static LabelSelector of(Map<String, String> matchLabels, List<Requirement> matchExpressions)
            throws InvalidSelectorException {
        SelectorRules.check(matchLabels, matchExpressions);
        // Under their text, so that what is required twice is required once, and in whatever order.
        Map<String, Compiled> compiled = new TreeMap<>();
        matchLabels.forEach((key, value) -> put(compiled, key, Operator.IN, List.of(value)));
        matchExpressions.forEach(each -> put(compiled, each.key(), each.operator(), each.values()));
        return new LabelSelector(compiled.values().toArray(Compiled[]::new));
    }

    private static void put(Map<String, Compiled> compiled, String key, Operator operator, List<String> values) {
        Compiled requirement =
                new Compiled(key, operator, values.stream().sorted().distinct().toArray(String[]::new));
        compiled.put(requirement.toString(), requirement);
    }

    /**
     * Reads the JSON object that the parser stands at, and leaves the parser at its end.
     *
     * @throws InvalidSelectorException the parser stands at the object's end all the same
     */
    public static LabelSelector read(JsonParser parser) throws InvalidSelectorException {
        return SelectorReading.read(parser);
    }

    /** Whether an object with these labels is selected. */
    public boolean matches(Map<String, String> labels) {
        return matches(labels::get);
    }

    /** As {@link #matches(Map)}; allocates nothing. */
    boolean matches(Labels labels) {
        for (Compiled each : requirements) {
            if (!each.holds(labels.get(each.key))) {
                return false;
            }
        }
        return true;
    }

    /** The keys of the labels that it looks at. */
    public List<String> keys() {
        return Arrays.stream(requirements).map(each -> each.key).distinct().toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LabelSelector selector && text.equals(selector.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** In the syntax of a query parameter and of kubectl; empty for everything. */
    @Override
    public String toString() {
        return text;
    }
}
