package run.clawcloud.block.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import run.clawcloud.block.time.Backoff;

/**
 * A {@link KeyedQueue} with its workers: one virtual thread for each key that is worked on, so many at once and no
 * more, and one that hands out. Waiting costs no platform thread, and nothing polls.
 *
 * <p>A key that failed rests for its {@link Backoff} and comes back with {@link Priority#RETRY}. If it is added
 * meanwhile, it is worked on at once, as the earliest time wins; the count of its failures stands until a worker says
 * other than {@link Outcome.Failed}.
 *
 * <p>Thread-safe.
 *
 * @param <K> the keys, with equality by value
 */
public final class WorkQueue<K> implements AutoCloseable {

    /** For how long {@link #shutdown} waits for those that it interrupted. */
    private static final Duration INTERRUPTED_GRACE = Duration.ofSeconds(1);

    /** Longer than any wait; two of it still fit a long of nanoseconds. */
    private static final Duration LONGEST_DELAY = Duration.ofDays(36_500);

    private final int concurrency;
    private final LongSupplier nanoTime;
    private final long origin;
    private final Backoff backoff;
    private final ThreadFactory threads;
    private final WorkListener<? super K> listener;

    private final ReentrantLock lock = new ReentrantLock();
    /** There may be something to hand out, or no longer a reason to wait for it. */
    private final Condition changed = lock.newCondition();
    /** No key is worked on. */
    private final Condition drained = lock.newCondition();

    // All guarded by the lock.
    private final KeyedQueue<K> queue = new KeyedQueue<>();
    private final Map<K, Integer> failures = new HashMap<>();
    private final Set<Thread> workers = new HashSet<>();
    private boolean started;
    private int allowed;
    private boolean stopped;

    /** A queue by the system's clock, on virtual threads. */
    public WorkQueue(int concurrency, Backoff backoff, WorkListener<? super K> listener) {
        this(
                concurrency,
                System::nanoTime,
                backoff,
                Thread.ofVirtual().name("worker-", 0).factory(),
                listener);
    }

    /**
     * A queue that gathers keys, and hands them out from {@link #start} on.
     *
     * @param concurrency the most keys that are worked on at once
     * @param nanoTime the clock, as {@link System#nanoTime}
     * @param threads makes the thread of each key that is worked on
     */
    public WorkQueue(
            int concurrency,
            LongSupplier nanoTime,
            Backoff backoff,
            ThreadFactory threads,
            WorkListener<? super K> listener) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency has to be at least 1, not " + concurrency);
        }
        this.concurrency = concurrency;
        this.allowed = concurrency;
        this.nanoTime = nanoTime;
        this.origin = nanoTime.getAsLong();
        this.backoff = backoff;
        this.threads = threads;
        this.listener = listener;
    }

    /**
     * Starts to hand out keys.
     *
     * @throws IllegalStateException if it was started before
     */
    public void start(Worker<? super K> worker) {
        lock.lock();
        try {
            if (started) {
                throw new IllegalStateException("The queue was started before");
            }
            started = true;
            Thread.ofVirtual().name("work-queue").start(() -> handOut(worker));
        } finally {
            lock.unlock();
        }
    }

    /** Adds a key that is ready at once. After {@link #shutdown}, it is never handed out. */
    public void add(K key, Priority priority) {
        addAfter(key, priority, Duration.ZERO);
    }

    /** Adds a key that is ready after this long; zero or negative: at once. */
    public void addAfter(K key, Priority priority, Duration after) {
        lock.lock();
        try {
            queue.add(key, priority, timeAfter(after));
            if (mayHandOut()) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets that a key is wanted, and its failures; if it is worked on, that goes on. */
    public void forget(K key) {
        lock.lock();
        try {
            queue.remove(key);
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets less be worked on at once, or as much as before; what is worked on goes on.
     *
     * @param atMost so many keys; 0 hands out none, and no more than the queue's concurrency has an effect
     */
    public void limit(int atMost) {
        lock.lock();
        try {
            allowed = Math.min(atMost, concurrency);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops handing out for good, and waits for what is worked on; what is still worked on after the grace period is
     * interrupted, and given one more second.
     *
     * @return whether all that was worked on ended without being interrupted
     * @throws InterruptedException if interrupted while it waits; what is worked on then goes on
     */
    public boolean shutdown(Duration grace) throws InterruptedException {
        lock.lock();
        try {
            stopped = true;
            changed.signal();
            if (awaitDrained(grace)) {
                return true;
            }
            workers.forEach(Thread::interrupt);
            awaitDrained(INTERRUPTED_GRACE);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** {@link #shutdown} without a grace period. */
    @Override
    public void close() {
        try {
            shutdown(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the number of keys that are worked on. */
    public int running() {
        lock.lock();
        try {
            return queue.running();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of keys of this priority that are ready and wait for a worker. */
    public int depth(Priority priority) {
        lock.lock();
        try {
            queue.advance(now());
            return queue.depth(priority);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of keys whose time has not come yet. */
    public int delayed() {
        lock.lock();
        try {
            queue.advance(now());
            return queue.delayed();
        } finally {
            lock.unlock();
        }
    }

    /** Whether no key is worked on and none is ready; some may still wait for their time. */
    public boolean idle() {
        lock.lock();
        try {
            return queue.running() == 0 && queue.nextReadyAt() > now();
        } finally {
            lock.unlock();
        }
    }

    /** The loop of the thread that hands out. */
    private void handOut(Worker<? super K> worker) {
        lock.lock();
        try {
            while (!stopped) {
                KeyedQueue.Taken<K> taken = mayHandOut() ? queue.take(now()) : null;
                if (taken == null) {
                    changed.await(nanosUntilNext(), TimeUnit.NANOSECONDS);
                } else {
                    Thread thread = threads.newThread(() -> work(worker, taken));
                    workers.add(thread);
                    thread.start();
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("Nobody knows the thread that hands out, so nobody interrupts it", e);
        } catch (RuntimeException | Error e) {
            listener.died(e);
        } finally {
            lock.unlock();
        }
    }

    private boolean mayHandOut() {
        return started && !stopped && queue.running() < allowed;
    }

    private long nanosUntilNext() {
        long next = mayHandOut() ? queue.nextReadyAt() : KeyedQueue.NEVER;
        return next == KeyedQueue.NEVER ? LONGEST_DELAY.toNanos() : next - now();
    }

    /** The life of a worker's thread. */
    private void work(Worker<? super K> worker, KeyedQueue.Taken<K> taken) {
        Outcome outcome = Outcome.failed();
        try {
            outcome = process(worker, taken);
        } finally {
            complete(taken.key(), outcome);
        }
    }

    private Outcome process(Worker<? super K> worker, KeyedQueue.Taken<K> taken) {
        K key = taken.key();
        long begin = now();
        listener.started(key, taken.priority(), begin - taken.readyAt());
        Outcome outcome = processSafely(worker, key);
        listener.finished(key, outcome, now() - begin);
        return outcome;
    }

    // Whatever a worker throws ends that try of that key and nothing else.
    @SuppressWarnings("CatchThrowable")
    private Outcome processSafely(Worker<? super K> worker, K key) {
        try {
            return worker.process(key);
        } catch (InterruptedException e) {
            return Outcome.failed();
        } catch (Throwable e) {
            listener.threw(key, e);
            return Outcome.failed();
        }
    }

    private void complete(K key, Outcome outcome) {
        lock.lock();
        try {
            switch (outcome) {
                case Outcome.Done() -> failures.remove(key);
                case Outcome.Again(Duration after, Priority priority) -> {
                    failures.remove(key);
                    queue.add(key, priority, timeAfter(after));
                }
                case Outcome.Failed() -> {
                    int inARow = failures.merge(key, 1, Integer::sum);
                    queue.add(key, Priority.RETRY, timeAfter(backoff.delay(inARow)));
                }
            }
            queue.done(key);
            workers.remove(Thread.currentThread());
            changed.signal();
            if (queue.running() == 0) {
                drained.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitDrained(Duration atMost) throws InterruptedException {
        long left = boundedNanos(atMost);
        while (queue.running() > 0) {
            if (left <= 0) {
                return false;
            }
            left = drained.awaitNanos(left);
        }
        return true;
    }

    private long now() {
        return nanoTime.getAsLong() - origin;
    }

    private long timeAfter(Duration after) {
        return now() + boundedNanos(after);
    }

    private static long boundedNanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY.toNanos() : duration.toNanos();
    }
}
