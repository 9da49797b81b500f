package run.clawcloud.block.ops.health;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import run.clawcloud.block.ops.HealthCheck.Finding;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.WorkListener;

/**
 * Whether the workers get on. To get on is to have a request answered, or given up: one that works for an hour on a
 * namespace of 50,000 objects is not stuck, and one that has waited for minutes for something else is. A worker is the
 * thread that it works on. Thread-safe.
 */
final class WorkerHealth {

    /** What is worked on; {@code progress} is when it last got on. */
    private static final class Work {
        private final String key;
        private volatile long progress;

        Work(String key, long now) {
            this.key = key;
            this.progress = now;
        }
    }

    private final LongSupplier nanoTime;
    private final Map<Thread, Work> underWay = new ConcurrentHashMap<>();

    WorkerHealth(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The listener of one queue; {@code next} hears everything too. */
    <K> WorkListener<K> of(WorkListener<K> next) {
        return new WorkListener<>() {
            @Override
            public void started(K key, Priority priority, long waitedNanos) {
                underWay.put(Thread.currentThread(), new Work(key.toString(), nanoTime.getAsLong()));
                next.started(key, priority, waitedNanos);
            }

            @Override
            public void threw(K key, Throwable cause) {
                next.threw(key, cause);
            }

            @Override
            public void died(Throwable cause) {
                next.died(cause);
            }

            @Override
            public void finished(K key, Outcome outcome, long tookNanos) {
                underWay.remove(Thread.currentThread());
                next.finished(key, outcome, tookNanos);
            }
        };
    }

    /** The thread that calls this got on, if it is a worker's. */
    void progressed() {
        Work work = underWay.get(Thread.currentThread());
        if (work != null) {
            work.progress = nanoTime.getAsLong();
        }
    }

    /** Whether each worker has got on within this time. */
    Finding gotOnWithin(Duration limit) {
        long now = nanoTime.getAsLong();
        long stuck = underWay.values().stream()
                .filter(work -> now - work.progress > limit.toNanos())
                .count();
        if (stuck == 0) {
            return new Finding(true, underWay.size() + " at work");
        }
        return underWay.values().stream()
                .max(Comparator.comparingLong(work -> now - work.progress))
                .map(work -> Finding.unwell(stuck + " stuck, the longest for "
                        + Duration.ofNanos(now - work.progress).toSeconds() + " s, at " + work.key))
                .orElse(Finding.WELL);
    }
}
