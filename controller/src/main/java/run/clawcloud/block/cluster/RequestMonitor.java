package run.clawcloud.block.cluster;

import java.time.Duration;
import run.clawcloud.block.kube.Resource;

/** Hears of every request; for metrics and health. */
@FunctionalInterface
public interface RequestMonitor {

    /** The code of a write that a dry run has not sent. */
    String DRY_RUN = "dry-run";

    /** The code of a request that got no answer. */
    String NO_ANSWER = "none";

    /**
     * A request was answered, or not.
     *
     * @param code HTTP status, {@link #NO_ANSWER} or {@link #DRY_RUN}
     * @param took until the answer's first byte
     */
    void answered(Verb verb, Resource resource, String code, Duration took);
}
