package run.clawcloud.block.feed;

import java.time.Duration;
import java.util.List;
import run.clawcloud.block.kube.ApiException;

/** Hears how a feed fares; for logs, metrics and health. */
public interface FeedMonitor {

    /** Does not care. */
    FeedMonitor NONE = new FeedMonitor() {};

    /** Makes the monitors of feeds. */
    @FunctionalInterface
    interface Factory {

        /**
         * The monitor of one feed.
         *
         * @param what is fed: {@code namespaces}
         * @param next hears everything too
         */
        FeedMonitor of(String what, FeedMonitor next);
    }

    /** Why a watch begins anew. */
    List<String> REASONS = List.of("ended", "failed", "gone", "scope");

    /** The list stands and the watch goes on from it. */
    default void synced() {}

    /** Something was heard from the server: an event, a bookmark, an orderly end. */
    default void heard() {}

    /**
     * The watch has to begin anew.
     *
     * @param reason one of {@link #REASONS}: the server ended it in order, it failed, the server no longer knows where
     *     it stood, or another part of the collection is wanted
     */
    default void restarted(String reason) {}

    /** The list or the watch failed and is tried again after a while. */
    default void failed(ApiException failure, Duration retryIn) {}
}
