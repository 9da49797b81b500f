package run.clawcloud.block;

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

    void await(long number) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (ended < number) {
                listed.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
