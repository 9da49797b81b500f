package run.clawcloud.block.kubesim.crd;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** JSON as the values that CEL computes with, by the types of {@link CelTypes}. */
final class CelValues {

    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private static final java.util.regex.Pattern DURATION_PART =
            java.util.regex.Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");

    private CelValues() {}

    /** The value of a schema that is known, or of one that is not. */
    static Object of(@Nullable Schema schema, JsonNode value) {
        if (value.isNull()) {
            return NullValue.NULL_VALUE;
        }
        if (value.isObject()) {
            return map(schema, value);
        }
        if (value.isArray()) {
            Schema items = schema == null ? null : schema.items();
            List<Object> list = new ArrayList<>(value.size());
            value.forEach(item -> list.add(of(items, item)));
            return list;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isNumber()) {
            boolean whole = value.isIntegralNumber()
                    && (schema == null || !schema.type().equals("number"));
            return whole ? (Object) value.longValue() : (Object) value.doubleValue();
        }
        return schema == null || schema.intOrString() ? value.asString() : text(schema, value.asString());
    }

    private static Map<String, Object> map(@Nullable Schema schema, JsonNode value) {
        boolean fields = schema != null && schema.additional() == null;
        Map<String, Object> map = new HashMap<>();
        value.properties().forEach(field -> {
            String name = fields ? CelNames.escape(field.getKey()) : field.getKey();
            if (name != null) {
                map.put(name, of(schema == null ? null : schema.field(field.getKey()), field.getValue()));
            }
        });
        return map;
    }

    /** A text of a format; one that does not fit it stays a text, and the schema's check says so. */
    private static Object text(Schema schema, String text) {
        try {
            return switch (schema.values().format()) {
                case "date-time" -> OffsetDateTime.parse(text).toInstant();
                case "date" ->
                    LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
                case "duration" -> duration(text);
                case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
                default -> text;
            };
        } catch (DateTimeException | IllegalArgumentException _) {
            return text;
        }
    }

    private static Duration duration(String text) {
        boolean negative = text.startsWith("-");
        double nanos = 0;
        var parts = DURATION_PART.matcher(text);
        while (parts.find()) {
            nanos += Double.parseDouble(parts.group(1)) * NANOS.getOrDefault(parts.group(2), 0L);
        }
        return Duration.ofNanos((long) (negative ? -nanos : nanos));
    }
}
