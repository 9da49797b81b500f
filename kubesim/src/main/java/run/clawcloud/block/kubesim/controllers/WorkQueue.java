package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.ObjectKey;

/**
 * What one controller still has to look at. Invariants: a key waits at most once; it is never handed out while it is
 * being worked on, but waits again when it was added meanwhile; of several delays for a key the earliest counts, and a
 * key that is handed out loses its delay, since whoever works on it says anew when to come back. After client-go's
 * workqueue.
 */
final class WorkQueue {

    private record Delayed(ObjectKey key, long dueNanos) {}

    private final LongSupplier nanoTime;
    private final Duration firstRetry;
    private final Duration lastRetry;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All below are guarded by lock.
    private final ArrayDeque<ObjectKey> ready = new ArrayDeque<>();
    private final Set<ObjectKey> waiting = new HashSet<>();
    private final Set<ObjectKey> running = new HashSet<>();
    private final Map<ObjectKey, Delayed> delays = new HashMap<>();
    private final PriorityQueue<Delayed> schedule =
            new PriorityQueue<>((a, b) -> Long.compare(a.dueNanos() - b.dueNanos(), 0));
    /** By namespace, so that a quota that goes wakes its own namespace without a look at the others. */
    private final Map<String, Map<String, Integer>> failures = new HashMap<>();

    private boolean closed;

    /**
     * @param nanoTime as {@link System#nanoTime}
     * @param firstRetry how long after its first failure a key is tried again; doubled with each further one
     * @param lastRetry the longest such delay
     */
    WorkQueue(LongSupplier nanoTime, Duration firstRetry, Duration lastRetry) {
        this.nanoTime = nanoTime;
        this.firstRetry = firstRetry;
        this.lastRetry = lastRetry;
    }

    /** Lets the key be worked on as soon as there is a worker. */
    void add(ObjectKey key) {
        lock.lock();
        try {
            enqueue(key);
        } finally {
            lock.unlock();
        }
    }

    /** Lets the key be worked on after the delay; at once if that is zero. */
    void addAfter(ObjectKey key, Duration delay) {
        lock.lock();
        try {
            enqueueAfter(key, delay);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a key that is due; null once the queue is closed. Every key taken must be given to {@link #done}. */
    @Nullable
    ObjectKey take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long untilDue = promoteDue();
                ObjectKey key = ready.poll();
                if (key != null) {
                    waiting.remove(key);
                    delays.remove(key);
                    running.add(key);
                    return key;
                }
                if (untilDue == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    var _ = changed.awaitNanos(untilDue);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the work on a key that succeeded. It comes back after {@code next}, if given, or when it is added. */
    void done(ObjectKey key, @Nullable Duration next) {
        lock.lock();
        try {
            Map<String, Integer> inNamespace = failures.get(key.namespace());
            if (inNamespace != null && inNamespace.remove(key.name()) != null && inNamespace.isEmpty()) {
                failures.remove(key.namespace());
            }
            release(key);
            if (next != null) {
                enqueueAfter(key, next);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the work on a key that failed: it is tried again, later with each failure in a row.
     *
     * @param atLeast no sooner than after this
     */
    void failed(ObjectKey key, Duration atLeast) {
        lock.lock();
        try {
            int before = failures.computeIfAbsent(key.namespace(), namespace -> new HashMap<>())
                    .merge(key.name(), 1, Integer::sum);
            Duration first = firstRetry.compareTo(atLeast) < 0 ? atLeast : firstRetry;
            Duration delay = first.multipliedBy(1L << Math.min(before - 1, 30));
            release(key);
            enqueueAfter(key, delay.compareTo(lastRetry) < 0 ? delay : lastRetry);
        } finally {
            lock.unlock();
        }
    }

    /** Tries what failed in that namespace again now, and forgets how often it failed. */
    void retryNow(String namespace) {
        lock.lock();
        try {
            Map<String, Integer> failed = failures.remove(namespace);
            if (failed != null) {
                List<String> names = new ArrayList<>(failed.keySet());
                names.forEach(name -> enqueue(new ObjectKey(namespace, name)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is being worked on or could be now; keys with a delay don't count. */
    boolean idle() {
        lock.lock();
        try {
            promoteDue();
            return ready.isEmpty() && running.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Hands out nothing any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void release(ObjectKey key) {
        running.remove(key);
        if (waiting.contains(key)) {
            ready.add(key);
            changed.signal();
        }
    }

    private void enqueue(ObjectKey key) {
        if (waiting.add(key) && !running.contains(key)) {
            ready.add(key);
            changed.signal();
        }
    }

    private void enqueueAfter(ObjectKey key, Duration delay) {
        if (delay.isZero() || delay.isNegative()) {
            enqueue(key);
            return;
        }
        Delayed later = new Delayed(key, nanoTime.getAsLong() + delay.toNanos());
        Delayed before = delays.get(key);
        if (before == null || later.dueNanos() - before.dueNanos() < 0) {
            delays.put(key, later);
            schedule.add(later);
            // One that waits without a limit, or for a later time, has to learn of the new one.
            changed.signal();
        }
    }

    /**
     * Moves what is due to the ready keys. Returns the nanoseconds until the next is due, MAX_VALUE if there is none.
     */
    private long promoteDue() {
        long now = nanoTime.getAsLong();
        for (Delayed first = schedule.peek(); first != null; first = schedule.peek()) {
            if (!first.equals(delays.get(first.key()))) {
                schedule.poll();
            } else if (first.dueNanos() - now <= 0) {
                schedule.poll();
                delays.remove(first.key());
                enqueue(first.key());
            } else {
                return first.dueNanos() - now;
            }
        }
        return Long.MAX_VALUE;
    }
}
