package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;

/**
 * How the controllers behave.
 *
 * @param gracefulPods whether pods that a controller deletes show a deletionTimestamp before they go, as those do that
 *     a client deletes. Without it they go in one write instead of two
 * @param firstRetry how long after a failure, a conflict for example, a controller tries again; twice as long each
 *     time. After a refusal (403) it is a second at least
 * @param lastRetry the longest such delay. What failed is tried again at once when a quota of its namespace changes or
 *     goes
 * @param workers how many objects each controller works on at once
 */
public record ControllerOptions(boolean gracefulPods, Duration firstRetry, Duration lastRetry, int workers) {

    /** Pods go at once; retries as in kube-controller-manager, from 5 ms to 1,000 s. */
    public static ControllerOptions defaults() {
        return new ControllerOptions(false, Duration.ofMillis(5), Duration.ofSeconds(1000), 2);
    }

    /** The same, with pods that go as they do on a real cluster. */
    public ControllerOptions withGracefulPods() {
        return new ControllerOptions(true, firstRetry, lastRetry, workers);
    }
}
