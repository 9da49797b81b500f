package run.clawcloud.block.torture;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what controller and cluster do in their own time. */
final class Patience {

    private static final Duration INTERVAL = Duration.ofMillis(4);

    private Patience() {}

    /** Waits until something holds; false when it did not within the limit. */
    static boolean until(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(INTERVAL);
        }
        return true;
    }

    /** The same, where nothing can go on without. */
    static void require(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        if (!until(limit, condition)) {
            throw new IllegalStateException(what + ": not within " + limit.toSeconds() + " s");
        }
    }
}
