package run.clawcloud.block.state;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a lock lasts: {@code 90m}, {@code 24h}, {@code 7d} or {@code permanent}. */
public sealed interface LockLength {

    /** The namespace asks for no length of its own. */
    record Default() implements LockLength {}

    record Permanent() implements LockLength {}

    /** Positive, at most {@link #MAX}. */
    record Of(Duration duration) implements LockLength {}

    /** What was asked for means nothing; the default holds. */
    record Unreadable() implements LockLength {}

    /**
     * For comparison, in milliseconds: {@link Permanent} is longer than any other.
     *
     * @param standard what holds where no length is given, or none that means anything
     */
    default long millis(LockLength standard) {
        return switch (this) {
            case Of of -> of.duration().toMillis();
            case Permanent() -> Long.MAX_VALUE;
            case Default(), Unreadable() -> equals(standard) ? 0 : standard.millis(standard);
        };
    }

    /** A hundred years. */
    Duration MAX = Duration.ofDays(36_500);

    /** What {@link #parse} takes, for error messages. */
    String SYNTAX = "a whole number of minutes, hours or days above zero, such as 90m, 24h or 7d, or 'permanent'";

    /** Reads the annotation or the flag; null is {@link Default}. Never fails: what can't be read is said so. */
    static LockLength parse(@Nullable String text) {
        if (text == null) {
            return new Default();
        }
        if (text.equals("permanent")) {
            return new Permanent();
        }
        Matcher matcher = Syntax.PATTERN.matcher(text);
        if (!matcher.matches()) {
            return new Unreadable();
        }
        long count = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        return duration.isZero() || duration.compareTo(MAX) > 0 ? new Unreadable() : new Of(duration);
    }

    /** Nine digits can't overflow a Duration. */
    final class Syntax {
        private static final Pattern PATTERN = Pattern.compile("([0-9]{1,9})([mhd])");

        private Syntax() {}
    }
}
