package run.clawcloud.block.namespace;

import java.time.Duration;

/** Hears how the flows end; for metrics. */
public interface FlowMonitor {

    /** What was done with a namespace. */
    enum Flow {
        LOCK,
        UNLOCK,
        EXPIRE,
        LOOK
    }

    /**
     * A flow has ended.
     *
     * @param result {@code done}, {@code void} (not wanted any more), {@code again} or {@code failed}
     */
    void ended(Flow flow, String result, Duration took);

    void namespaceDeleted();
}
