package run.clawcloud.block.feed;

import java.time.Duration;
import run.clawcloud.block.kube.ApiException;

/** Hears how a feed fares; for logs, metrics and health. */
public interface FeedMonitor {

    /** The list stands and the watch goes on from it. */
    void synced();

    /** Something was heard from the server: an event, a bookmark, an orderly end. */
    void heard();

    /**
     * The watch has to begin anew.
     *
     * @param reason {@code gone}, {@code ended} or {@code failed}
     */
    void restarted(String reason);

    /** The list or the watch failed and is tried again after a while. */
    void failed(ApiException failure, Duration retryIn);
}
