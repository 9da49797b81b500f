package run.clawcloud.block.ops;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.kube.ApiException;

/**
 * Says in the log how the feeds fare: a failure at once and then once a minute for as long as it lasts. That the server
 * does not answer or refuses the credentials meets all feeds, and is said once for all.
 */
public final class FeedLog {

    private static final Logger LOG = LoggerFactory.getLogger(FeedLog.class);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final String server;
    private final LongSupplier nanoTime;
    private final Trouble noAnswer = new Trouble();
    private final Trouble unauthorized = new Trouble();

    /** @param server its URL */
    public FeedLog(String server, LongSupplier nanoTime) {
        this.server = server;
        this.nanoTime = nanoTime;
    }

    /**
     * The monitor of one feed.
     *
     * @param what is fed: {@code namespaces}
     * @param next hears everything too
     */
    public FeedMonitor of(String what, FeedMonitor next) {
        return new OneFeed(what, next);
    }

    private final class OneFeed implements FeedMonitor {
        private final String what;
        private final FeedMonitor next;
        private final Trouble own = new Trouble();

        OneFeed(String what, FeedMonitor next) {
            this.what = what;
            this.next = next;
        }

        @Override
        public void synced() {
            LOG.info("the list of {} stands, the watch goes on from it", what);
            recovered();
            next.synced();
        }

        @Override
        public void heard() {
            if (recovered()) {
                LOG.info("{} answers again", server);
            }
            next.heard();
        }

        /** Whether a trouble ends with it. */
        private boolean recovered() {
            boolean refused = own.left(this);
            boolean cutOff = noAnswer.left(this);
            boolean unknown = unauthorized.left(this);
            return refused || cutOff || unknown;
        }

        @Override
        public void restarted(String reason) {
            next.restarted(reason);
        }

        @Override
        public void failed(ApiException failure, Duration retryIn) {
            String message = failure.getMessage();
            if (failure.unauthorized()) {
                unauthorized.met(
                        this,
                        () -> LOG.error(
                                "{} refuses the credentials: {}; give others with --kubeconfig or --context",
                                server,
                                message));
            } else if (!failure.gone()) {
                Trouble trouble = failure.code() == ApiException.NO_ANSWER ? noAnswer : own;
                trouble.met(this, () -> LOG.warn("{}: {} (tried again until it works)", server, message));
            }
            next.failed(failure, retryIn);
        }
    }

    /** Lasts for as long as one feed is in it. */
    private final class Trouble {
        private final Set<FeedMonitor> feeds = new HashSet<>();
        private long said;

        /** Says it if that is due. Whoever returns from here, it has been said: the process may end for it. */
        synchronized void met(FeedMonitor feed, Runnable say) {
            long now = nanoTime.getAsLong();
            if (feeds.isEmpty() || now - said >= MINUTE) {
                say.run();
                said = now;
            }
            feeds.add(feed);
        }

        /** Whether it ends with that. */
        synchronized boolean left(FeedMonitor feed) {
            return feeds.remove(feed) && feeds.isEmpty();
        }
    }
}
