package run.clawcloud.block.namespace;

import java.time.Duration;
import java.util.List;
import run.clawcloud.block.kube.ApiException;

/** Hears how the flows end; for metrics. */
public interface FlowMonitor {

    /** What was done. */
    enum Flow {
        LOCK,
        UNLOCK,
        EXPIRE,
        /** Finding out whether a namespace still exists. */
        LOOK,
        /** Making a namespace what its BlockRequests want. */
        HOLD,
        /** A BlockRequest's finalizer and status. */
        REPORT
    }

    String DONE = "done";

    /** Not wanted any more. */
    String VOID = "void";

    /** It waits for something. */
    String AGAIN = "again";

    String FAILED = "failed";

    List<String> RESULTS = List.of(DONE, VOID, AGAIN, FAILED);

    /** Does not care. */
    FlowMonitor NONE = new FlowMonitor() {};

    /**
     * A flow has ended.
     *
     * @param name of the namespace, or of the BlockRequest with its namespace
     * @param result one of {@link #RESULTS}
     */
    default void ended(Flow flow, String name, String result, Duration took) {}

    /** Something failed, and is tried again. */
    default void failed(ApiException failure) {}

    /** A namespace was deleted, as its lock had run out. */
    default void namespaceDeleted() {}
}
