package run.clawcloud.block.namespace;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * At most so many deletions in any minute: a wrong clock must not empty a cluster. Time is monotonic, so that a clock
 * that jumps does not widen the limit. Thread-safe.
 */
final class DeletionLimiter {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final int perMinute;
    private final LongSupplier nanoTime;
    private final Deque<Long> taken = new ArrayDeque<>();

    /** @param perMinute at least 1 */
    DeletionLimiter(int perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    /** Takes a permit: zero when there is one, else how long to wait before asking again. */
    synchronized Duration take() {
        long now = nanoTime.getAsLong();
        while (!taken.isEmpty() && now - taken.getFirst() >= MINUTE) {
            taken.removeFirst();
        }
        if (taken.size() < perMinute) {
            taken.addLast(now);
            return Duration.ZERO;
        }
        return Duration.ofNanos(MINUTE - (now - taken.getFirst()));
    }
}
