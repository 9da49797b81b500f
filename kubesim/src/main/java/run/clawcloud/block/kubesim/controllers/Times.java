package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code metav1.Time}: RFC 3339 in UTC, whole seconds. */
final class Times {

    private Times() {}

    static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The time in a field, null if it is absent or can't be read. */
    static @Nullable Instant parse(JsonNode field) {
        try {
            return field.isString() ? Instant.parse(field.asString()) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** How long from now until then; never negative. */
    static Duration until(Instant then, Instant now) {
        return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
    }

    /** The sooner of two; null means never. */
    static @Nullable Duration sooner(@Nullable Duration one, @Nullable Duration other) {
        return one == null ? other : other == null || one.compareTo(other) <= 0 ? one : other;
    }
}
