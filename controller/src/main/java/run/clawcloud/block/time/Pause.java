package run.clawcloud.block.time;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Waits; a seam for tests, which do not. */
@FunctionalInterface
public interface Pause {

    Pause REAL = new Pause() {
        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }

        @Override
        public void sleepUnless(Semaphore wake, Duration longest) throws InterruptedException {
            if (wake.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
                wake.release();
            }
        }
    };

    void sleep(Duration duration) throws InterruptedException;

    /** Sleeps until {@code wake} has a permit, which it leaves there, but not longer than so long. */
    default void sleepUnless(Semaphore wake, Duration longest) throws InterruptedException {
        if (wake.availablePermits() == 0) {
            sleep(longest);
        }
    }
}
