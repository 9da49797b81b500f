package run.clawcloud.block.time;

import java.time.Duration;

/** Waits; a seam for tests, which do not. */
@FunctionalInterface
public interface Pause {

    Pause REAL = Thread::sleep;

    void sleep(Duration duration) throws InterruptedException;
}
