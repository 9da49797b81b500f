package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;

/**
 * How the controllers behave.
 *
 * @param gracefulPods whether pods that a controller deletes show a deletionTimestamp before they go, as those do that
 *     a client deletes. Without it they go in one write instead of two
 * @param firstRetry how long after a refusal (a quota, a conflict) a controller tries again; twice as long each time
 * @param lastRetry the longest such delay. What failed is tried again at once when a quota of its namespace changes or
 *     goes
 * @param workers how many objects each controller works on at once
 */
public record ControllerOptions(boolean gracefulPods, Duration firstRetry, Duration lastRetry, int workers) {

    /**
     * Pods go at once; retries after 50 ms and then less and less often, up to 1,000 s as in kube-controller-manager.
     */
    public static ControllerOptions defaults() {
        return new ControllerOptions(false, Duration.ofMillis(50), Duration.ofSeconds(1000), 2);
    }

    /** The same, with pods that go as they do on a real cluster. */
    public ControllerOptions withGracefulPods() {
        return new ControllerOptions(true, firstRetry, lastRetry, workers);
    }
}
