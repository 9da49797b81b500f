package run.clawcloud.block;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import run.clawcloud.block.kube.ApiException;

/** Waits for a list that is begun from now on: one that is under way can be too old. Thread-safe. */
final class ListedAnew {
    @FunctionalInterface
    interface Listing {
        long list() throws ApiException, InterruptedException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition listed = lock.newCondition();

    // Guarded by the lock.
    private long begun;
    private long ended;

    long listing(Listing listing) throws ApiException, InterruptedException {
        long number = next();
        long resourceVersion = listing.list();
        end(number);
        return resourceVersion;
    }

    private long next() {
        lock.lock();
        try {
            return ++begun;
        } finally {
            lock.unlock();
        }
    }

    private void end(long number) {
        lock.lock();
        try {
            ended = number;
            listed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The last list that was begun has failed for good. */
    void givenUp() {
        lock.lock();
        try {
            end(begun);
        } finally {
            lock.unlock();
        }
    }

    /** The number of the next list to begin. */
    long wanted() {
        lock.lock();
        try {
            return begun + 1;
        } finally {
            lock.unlock();
        }
    }

    /** Whether that list, or a later one, ended in time. */
    boolean await(long number, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (ended < number && left > 0) {
                left = listed.awaitNanos(left);
            }
            return ended >= number;
        } finally {
            lock.unlock();
        }
    }
}
