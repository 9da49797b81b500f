package run.clawcloud.block.kube;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with jitter: each delay is drawn from the upper half of a ceiling that doubles up to a maximum.
 */
public final class Backoff {

    private final Duration first;
    private final Duration max;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration first, Duration max, RandomGenerator random) {
        this.first = first;
        this.max = max;
        this.random = random;
    }

    /** How long to wait after one more failure. */
    public Duration next() {
        long ceiling = Math.min(max.toMillis(), first.toMillis() << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
    }

    /** Things went well: the next failure starts anew. */
    public void reset() {
        failures = 0;
    }
}
