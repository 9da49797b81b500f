package run.clawcloud.block.kubesim.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A label selector: all requirements hold. Syntax and meaning as in
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 *
 * @param requirements all of which must hold; none: everything matches
 */
public record LabelSelector(List<Requirement> requirements) {

    /** Matches everything. */
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    private static final String KEY = "[A-Za-z0-9._/-]+";
    private static final Pattern REQUIREMENT = Pattern.compile("\\s*(?:(?<absent>!)\\s*(?<absentKey>KEY)"
                    .replace("KEY", KEY)
            + "|(?<setKey>KEY)\\s+(?<set>in|notin)\\s*\\((?<values>[A-Za-z0-9._\\s,-]*)\\)".replace("KEY", KEY)
            + "|(?<key>KEY)(?:\\s*(?<op>==|=|!=)\\s*(?<value>[A-Za-z0-9._-]*))?)\\s*(?:,|$)".replace("KEY", KEY));

    /** How a label is judged. */
    public enum Operator {
        /** The key is there with one of the values. */
        IN,
        /** The key is not there, or with none of the values. */
        NOT_IN,
        /** The key is there. */
        EXISTS,
        /** The key is not there. */
        DOES_NOT_EXIST
    }

    /** One condition on one key. */
    public record Requirement(String key, Operator operator, Set<String> values) {

        boolean matches(Labels labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    /**
     * Reads the text form, {@code a=b,c!=d,e in (f,g),h,!i}.
     *
     * @throws IllegalArgumentException when it can't be read
     */
    public static LabelSelector parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return EVERYTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        Matcher matcher = REQUIREMENT.matcher(text);
        int end = 0;
        while (end < text.length()) {
            matcher.region(end, text.length());
            if (!matcher.lookingAt()) {
                throw new IllegalArgumentException("unable to parse requirement: found '" + text.substring(end) + "'");
            }
            requirements.add(requirement(matcher));
            end = matcher.end();
        }
        return new LabelSelector(List.copyOf(requirements));
    }

    private static Requirement requirement(Matcher m) {
        if (m.group("absent") != null) {
            return new Requirement(m.group("absentKey"), Operator.DOES_NOT_EXIST, Set.of());
        }
        if (m.group("set") != null) {
            Set<String> values = new TreeSet<>();
            for (String value : m.group("values").split(",", -1)) {
                values.add(value.strip());
            }
            return new Requirement(
                    m.group("setKey"), m.group("set").equals("in") ? Operator.IN : Operator.NOT_IN, values);
        }
        if (m.group("op") == null) {
            return new Requirement(m.group("key"), Operator.EXISTS, Set.of());
        }
        return new Requirement(
                m.group("key"), m.group("op").equals("!=") ? Operator.NOT_IN : Operator.IN, Set.of(m.group("value")));
    }

    /**
     * Reads the {@code spec.selector} of an object: {@code matchLabels} and {@code matchExpressions}, or a plain map.
     */
    public static LabelSelector of(JsonNode selector) {
        List<Requirement> requirements = new ArrayList<>();
        boolean plain = !selector.has("matchLabels") && !selector.has("matchExpressions");
        JsonNode equal = plain ? selector : selector.path("matchLabels");
        equal.properties()
                .forEach(e -> requirements.add(new Requirement(
                        e.getKey(), Operator.IN, Set.of(e.getValue().asString("")))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            Set<String> values = new TreeSet<>();
            expression.path("values").forEach(value -> values.add(value.asString("")));
            Operator operator = switch (expression.path("operator").asString("")) {
                case "In" -> Operator.IN;
                case "NotIn" -> Operator.NOT_IN;
                case "Exists" -> Operator.EXISTS;
                case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
                default ->
                    throw new IllegalArgumentException("not a valid label selector operator: "
                            + expression.path("operator").asString(""));
            };
            requirements.add(new Requirement(expression.path("key").asString(""), operator, values));
        }
        return new LabelSelector(List.copyOf(requirements));
    }

    /** Whether all requirements hold. */
    public boolean matches(Labels labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }
}
