package run.clawcloud.block.ops.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.kube.ApiException;

/** How the feeds fare. */
final class FeedMetrics {

    private final LongSupplier nanoTime;
    private final Counter restarts;

    /** By what is fed. */
    private final Map<String, OneFeed> feeds = new ConcurrentHashMap<>();

    FeedMetrics(PrometheusRegistry registry, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        restarts = Counter.builder()
                .name(Metrics.PREFIX + "feed_restarts_total")
                .help("Watches that began anew: ended in order, failed, gone (the server forgot where it stood; all is"
                        + " listed), scope (another part is wanted)")
                .labelNames("feed", "reason")
                .register(registry);
        GaugeWithCallback.builder()
                .name(Metrics.PREFIX + "feed_lag_seconds")
                .help("Since the API server was last heard on this feed; bookmarks come about once a minute")
                .labelNames("feed")
                .callback(gauge -> {
                    long now = nanoTime.getAsLong();
                    feeds.forEach((name, feed) -> gauge.call(Metrics.seconds(now - feed.heardAt), name));
                })
                .register(registry);
    }

    /**
     * The monitor of one feed.
     *
     * @param what is fed: {@code namespaces}
     * @param next hears everything too
     */
    FeedMonitor of(String what, FeedMonitor next) {
        OneFeed feed = new OneFeed(what, next);
        feeds.put(what, feed);
        for (String reason : FeedMonitor.REASONS) {
            restarts.initLabelValues(what, reason);
        }
        return feed;
    }

    private final class OneFeed implements FeedMonitor {
        private final String what;
        private final FeedMonitor next;

        /** Of the clock in nanoseconds: of the start, while nothing was heard. */
        private volatile long heardAt = nanoTime.getAsLong();

        OneFeed(String what, FeedMonitor next) {
            this.what = what;
            this.next = next;
        }

        @Override
        public void synced() {
            heardAt = nanoTime.getAsLong();
            next.synced();
        }

        @Override
        public void heard() {
            heardAt = nanoTime.getAsLong();
            next.heard();
        }

        @Override
        public void restarted(String reason) {
            restarts.labelValues(what, reason).inc();
            next.restarted(reason);
        }

        @Override
        public void failed(ApiException failure, Duration retryIn) {
            next.failed(failure, retryIn);
        }
    }
}
