package run.clawcloud.block.time;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * At most so many permits in any stretch of time of that length. Time is monotonic, so that a clock that jumps does not
 * widen the limit. Keeps 16 bytes or so for each permit of a stretch. Thread-safe.
 */
public final class RateLimit {

    private final int most;
    private final long stretch;
    private final LongSupplier nanoTime;
    private final Deque<Long> taken = new ArrayDeque<>();

    /**
     * @param most at least 1
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    public RateLimit(int most, Duration stretch, LongSupplier nanoTime) {
        this.most = most;
        this.stretch = stretch.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Takes a permit: zero when there is one, else how long to wait before asking again. */
    public synchronized Duration take() {
        long now = nanoTime.getAsLong();
        while (!taken.isEmpty() && now - taken.getFirst() >= stretch) {
            taken.removeFirst();
        }
        if (taken.size() < most) {
            taken.addLast(now);
            return Duration.ZERO;
        }
        return Duration.ofNanos(stretch - (now - taken.getFirst()));
    }
}
