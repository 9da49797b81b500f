package run.clawcloud.block.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure: the first delay, doubled with each failure in a row up to a maximum, and each time
 * up to a fifth more or less, so that what failed together is not tried again together.
 */
public final class Backoff {

    private static final int MAX_DOUBLINGS = 32;

    private final Duration first;
    private final Duration max;
    private final RandomGenerator random;

    /** From 1 s to 5 min. */
    public Backoff(RandomGenerator random) {
        this(Duration.ofSeconds(1), Duration.ofMinutes(5), random);
    }

    /**
     * A backoff from a first delay up to a maximum, jitter aside.
     *
     * @param random called by one thread at a time
     */
    public Backoff(Duration first, Duration max, RandomGenerator random) {
        if (!first.isPositive() || max.compareTo(first) < 0) {
            throw new IllegalArgumentException("Not a backoff: from " + first + " to " + max);
        }
        this.first = first;
        this.max = max;
        this.random = random;
    }

    /** Returns the delay after so many failures in a row, the first one being 1. */
    public Duration delay(int failures) {
        long doubled = 1L << Math.clamp(failures - 1, 0, MAX_DOUBLINGS);
        Duration delay = max.dividedBy(first) < doubled ? max : first.multipliedBy(doubled);
        return Duration.ofNanos(Math.round(delay.toNanos() * random.nextDouble(0.8, 1.2)));
    }
}
