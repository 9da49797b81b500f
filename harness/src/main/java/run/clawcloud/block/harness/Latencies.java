package run.clawcloud.block.harness;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;

/** How long each of many things took. */
public final class Latencies {
    private final long[] sortedNanos;

    public Latencies(Collection<Duration> samples) {
        sortedNanos = samples.stream().mapToLong(Duration::toNanos).sorted().toArray();
    }

    /**
     * The smallest sample that at least {@code percent} % of all samples do not exceed (nearest rank); zero if there
     * are no samples.
     *
     * @param percent more than 0, at most 100
     */
    public Duration percentile(int percent) {
        if (percent <= 0 || percent > 100) {
            throw new IllegalArgumentException("percent: " + percent);
        }
        if (sortedNanos.length == 0) {
            return Duration.ZERO;
        }
        int rank = Math.toIntExact(Math.ceilDiv((long) percent * sortedNanos.length, 100L));
        return Duration.ofNanos(sortedNanos[rank - 1]);
    }

    public int count() {
        return sortedNanos.length;
    }

    @Override
    public String toString() {
        return "Latencies" + Arrays.toString(sortedNanos);
    }
}
