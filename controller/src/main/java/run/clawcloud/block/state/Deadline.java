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

    /** The last one that RFC 3339 can write. */
    int LAST_YEAR = 9999;

    /**
     * Reads the annotation. Moments before 1970 count as unreadable: the zero time of Go, year 1, stands for "not set",
     * and no lock has run out before there were computers to lock. So do years of more than four digits, which RFC 3339
     * does not have and which, in milliseconds, overflow.
     */
    static Deadline parse(@Nullable String annotation) {
        if (annotation == null) {
            return new None();
        }
        try {
            OffsetDateTime moment = OffsetDateTime.parse(annotation);
            Instant instant = moment.toInstant();
            return instant.isBefore(Instant.EPOCH) || moment.getYear() > LAST_YEAR ? new Unreadable() : new At(instant);
        } catch (DateTimeException e) {
            return new Unreadable();
        }
    }
}
