package run.clawcloud.block.kubesim.crd;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a schema demands of values, beside their type. Absent is null.
 *
 * @param pattern in the syntax of RE2, as Go's
 * @param allowed of {@code enum}; empty for anything
 * @param not what it must not fit
 */
record ValueRules(
        String format,
        @Nullable Pattern pattern,
        List<JsonNode> allowed,
        @Nullable Long minLength,
        @Nullable Long maxLength,
        @Nullable Long minItems,
        @Nullable Long maxItems,
        @Nullable Long minProperties,
        @Nullable Long maxProperties,
        @Nullable BigDecimal minimum,
        @Nullable BigDecimal maximum,
        boolean exclusiveMinimum,
        boolean exclusiveMaximum,
        @Nullable BigDecimal multipleOf,
        List<String> required,
        List<Schema> allOf,
        List<Schema> anyOf,
        List<Schema> oneOf,
        @Nullable Schema not) {

    static ValueRules of(JsonNode json) {
        return new ValueRules(
                json.path("format").asString(""),
                pattern(json.path("pattern").asString("")),
                json.path("enum").valueStream().toList(),
                count(json, "minLength"),
                count(json, "maxLength"),
                count(json, "minItems"),
                count(json, "maxItems"),
                count(json, "minProperties"),
                count(json, "maxProperties"),
                number(json, "minimum"),
                number(json, "maximum"),
                json.path("exclusiveMinimum").asBoolean(false),
                json.path("exclusiveMaximum").asBoolean(false),
                number(json, "multipleOf"),
                json.path("required")
                        .valueStream()
                        .map(field -> field.asString(""))
                        .toList(),
                schemas(json, "allOf"),
                schemas(json, "anyOf"),
                schemas(json, "oneOf"),
                json.path("not").isObject() ? Schema.of(json.path("not")) : null);
    }

    /** Null also for one that can't be read: no definition with such a one is accepted. */
    private static @Nullable Pattern pattern(String text) {
        try {
            return text.isEmpty() ? null : Pattern.compile(text);
        } catch (PatternSyntaxException _) {
            return null;
        }
    }

    private static @Nullable Long count(JsonNode json, String field) {
        return json.path(field).isNumber() ? (Long) json.path(field).asLong() : null;
    }

    private static @Nullable BigDecimal number(JsonNode json, String field) {
        return json.path(field).isNumber() ? json.path(field).decimalValue() : null;
    }

    private static List<Schema> schemas(JsonNode json, String field) {
        return json.path(field).valueStream().map(Schema::of).toList();
    }
}
