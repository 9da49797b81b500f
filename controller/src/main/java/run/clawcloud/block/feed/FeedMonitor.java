package run.clawcloud.block.feed;

import java.time.Duration;
import run.clawcloud.block.kube.ApiException;

/** Hears how a feed fares; for logs, metrics and health. */
public interface FeedMonitor {

    /** Does not care. */
    FeedMonitor NONE = new FeedMonitor() {};

    /** The list stands and the watch goes on from it. */
    default void synced() {}

    /** Something was heard from the server: an event, a bookmark, an orderly end. */
    default void heard() {}

    /**
     * The watch has to begin anew.
     *
     * @param reason {@code gone}, {@code ended}, {@code failed}, or {@code scope}: another part of the collection is
     *     wanted
     */
    default void restarted(String reason) {}

    /** The list or the watch failed and is tried again after a while. */
    default void failed(ApiException failure, Duration retryIn) {}
}
