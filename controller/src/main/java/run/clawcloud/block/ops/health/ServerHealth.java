package run.clawcloud.block.ops.health;

import java.time.Duration;
import java.util.function.LongSupplier;
import run.clawcloud.block.cluster.RequestMonitor;
import run.clawcloud.block.ops.HealthCheck.Finding;

/**
 * Whether the API server can be reached. Silence is no sign that it can't: where nothing happens nothing is asked. What
 * counts is for how long every request has failed. Thread-safe.
 */
final class ServerHealth {

    private static final String UNAUTHORIZED = "401";

    /** What a server, or a proxy before it, answers that can do nothing for anybody. */
    private static final String SERVER_ERROR = "5";

    private final LongSupplier nanoTime;

    /** Guarded by this, as is the next. */
    private boolean failing;

    private long failingSince;

    ServerHealth(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A request has ended. */
    void answered(String code) {
        if (code.equals(RequestMonitor.DRY_RUN)) {
            return;
        }
        boolean failed =
                code.equals(RequestMonitor.NO_ANSWER) || code.equals(UNAUTHORIZED) || code.startsWith(SERVER_ERROR);
        synchronized (this) {
            if (failed && !failing) {
                failingSince = nanoTime.getAsLong();
            }
            failing = failed;
        }
    }

    /** Whether a request got through within this time, or none was sent since. */
    synchronized Finding reachedWithin(Duration limit) {
        Duration failed = failing ? Duration.ofNanos(nanoTime.getAsLong() - failingSince) : Duration.ZERO;
        return failed.compareTo(limit) > 0
                ? Finding.unwell("every request has failed for " + failed.toSeconds() + " s")
                : Finding.WELL;
    }
}
