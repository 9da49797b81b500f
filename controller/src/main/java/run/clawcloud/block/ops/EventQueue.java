package run.clawcloud.block.ops;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.cluster.EventSeries;
import run.clawcloud.block.cluster.EventSeries.Said;

/**
 * Events that wait to be written: Warnings first, each kind in the order in which it came. The same said again while it
 * waits is counted, and takes no more room. When there is none left, the last Normal one makes way for a Warning, and
 * what else comes is dropped. Thread-safe; adding never waits.
 */
final class EventQueue {

    private static final String WARNING = "Warning";

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();

    // Guarded by the lock.
    private final SequencedMap<Said, EventSeries> warnings = new LinkedHashMap<>();
    private final SequencedMap<Said, EventSeries> normals = new LinkedHashMap<>();
    private long dropped;

    /** @param most so many wait */
    EventQueue(int most) {
        this.most = most;
    }

    void add(EventSeries event) {
        lock.lock();
        try {
            SequencedMap<Said, EventSeries> waiting = of(event);
            if (!waiting.containsKey(event.said()) && !makeRoom(event)) {
                dropped++;
                return;
            }
            waiting.merge(event.said(), event, EventSeries::and);
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    private SequencedMap<Said, EventSeries> of(EventSeries event) {
        return isWarning(event) ? warnings : normals;
    }

    private static boolean isWarning(EventSeries event) {
        return event.said().type().equals(WARNING);
    }

    private boolean makeRoom(EventSeries event) {
        if (warnings.size() + normals.size() < most) {
            return true;
        }
        Map.Entry<Said, EventSeries> last = isWarning(event) ? normals.pollLastEntry() : null;
        if (last == null) {
            return false;
        }
        dropped += last.getValue().count();
        return true;
    }

    /** Takes the next one; null when none comes for so long. */
    @Nullable
    EventSeries take(Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lockInterruptibly();
        try {
            while (warnings.isEmpty() && normals.isEmpty()) {
                if (left <= 0) {
                    return null;
                }
                left = added.awaitNanos(left);
            }
            Map.Entry<Said, EventSeries> next =
                    warnings.isEmpty() ? normals.pollFirstEntry() : warnings.pollFirstEntry();
            return next == null ? null : next.getValue();
        } finally {
            lock.unlock();
        }
    }

    /** How many there was no room for, ever. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }
}
