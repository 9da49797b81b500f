package run.clawcloud.block.ops.health;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.ops.HealthCheck.Finding;

/**
 * Whether the feeds hear something. To be ready, something of the collection has to be heard; to be alive, it is enough
 * that a feed tries: what it does not get for its trying is not had after a restart either. Thread-safe.
 */
final class FeedHealth {

    private final LongSupplier nanoTime;
    private final List<OneFeed> feeds = new CopyOnWriteArrayList<>();

    FeedHealth(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * The monitor of one feed.
     *
     * @param what is fed: {@code namespaces}
     * @param next hears everything too
     */
    FeedMonitor of(String what, FeedMonitor next) {
        OneFeed feed = new OneFeed(what, next);
        feeds.add(feed);
        return feed;
    }

    /** Whether each feed that stood once has heard something within this time. */
    Finding heardWithin(Duration limit) {
        return feeds.stream()
                .filter(feed -> feed.stood && feed.since(feed.heard).compareTo(limit) > 0)
                .findFirst()
                .map(feed -> Finding.unwell("nothing was heard of " + feed.what + " for "
                        + feed.since(feed.heard).toSeconds() + " s"))
                .orElse(Finding.WELL);
    }

    /** Whether each feed has at least tried something within this time. */
    Finding triedWithin(Duration limit) {
        return feeds.stream()
                .filter(feed -> feed.since(feed.tried).compareTo(limit) > 0)
                .findFirst()
                .map(feed -> Finding.unwell("the feed of " + feed.what + " has stood still for "
                        + feed.since(feed.tried).toSeconds() + " s"))
                .orElse(Finding.WELL);
    }

    private final class OneFeed implements FeedMonitor {
        private final String what;
        private final FeedMonitor next;
        private volatile boolean stood;
        private volatile long heard;
        private volatile long tried;

        OneFeed(String what, FeedMonitor next) {
            this.what = what;
            this.next = next;
            this.heard = nanoTime.getAsLong();
            this.tried = heard;
        }

        Duration since(long moment) {
            return Duration.ofNanos(nanoTime.getAsLong() - moment);
        }

        private void hears() {
            heard = nanoTime.getAsLong();
            tried = heard;
        }

        @Override
        public void synced() {
            stood = true;
            hears();
            next.synced();
        }

        @Override
        public void heard() {
            hears();
            next.heard();
        }

        @Override
        public void restarted(String reason) {
            if (reason.equals("ended")) {
                hears();
            } else {
                tried = nanoTime.getAsLong();
            }
            next.restarted(reason);
        }

        @Override
        public void failed(ApiException failure, Duration retryIn) {
            tried = nanoTime.getAsLong();
            next.failed(failure, retryIn);
        }
    }
}
