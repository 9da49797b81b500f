package run.clawcloud.block.state;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** When a lock runs out, as the unlock-timestamp annotation says it (RFC 3339). */
public sealed interface Deadline {

    /** No annotation: never, or not yet known. */
    record None() implements Deadline {}

    record At(Instant instant) implements Deadline {}

    /** There is an annotation, and it names no moment. Nothing is deleted on its word. */
    record Unreadable() implements Deadline {}

    /**
     * Reads the annotation. Moments before 1970 count as unreadable: the zero time of Go, year 1, stands for "not set",
     * and no lock has run out before there were computers to lock.
     */
    static Deadline parse(@Nullable String annotation) {
        if (annotation == null) {
            return new None();
        }
        try {
            Instant instant = OffsetDateTime.parse(annotation).toInstant();
            return instant.isBefore(Instant.EPOCH) ? new Unreadable() : new At(instant);
        } catch (DateTimeException e) {
            return new Unreadable();
        }
    }
}
