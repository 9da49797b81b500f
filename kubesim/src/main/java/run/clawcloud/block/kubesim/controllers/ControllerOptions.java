package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;

/**
 * How the controllers behave in time.
 *
 * @param podStart how long after its creation a pod runs and is ready
 * @param podStop how long a pod that is being deleted takes to stop. Zero: controllers delete their pods at once, with
 *     no deletionTimestamp to be seen; pods that a client deletes still show one
 * @param firstRetry how long after a refusal (a quota, a conflict) a controller tries again; twice as long each time
 * @param lastRetry the longest such delay. What failed is tried again at once when a quota of its namespace changes or
 *     goes
 * @param workers how many objects each controller works on at once
 */
public record ControllerOptions(
        Duration podStart, Duration podStop, Duration firstRetry, Duration lastRetry, int workers) {

    /** Pods start after 20 ms and stop at once; retries as in kube-controller-manager, from 5 ms to 1,000 s. */
    public static ControllerOptions defaults() {
        return new ControllerOptions(
                Duration.ofMillis(20), Duration.ZERO, Duration.ofMillis(5), Duration.ofSeconds(1000), 2);
    }

    /** The same with other delays of pods. */
    public ControllerOptions withPodDelays(Duration start, Duration stop) {
        return new ControllerOptions(start, stop, firstRetry, lastRetry, workers);
    }
}
