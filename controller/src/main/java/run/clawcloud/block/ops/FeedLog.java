package run.clawcloud.block.ops;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.kube.ApiException;

/** Says in the log how a feed fares: a failure at once and then once a minute for as long as it lasts. */
public final class FeedLog implements FeedMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(FeedLog.class);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final String what;
    private final String server;
    private final LongSupplier nanoTime;
    private final FeedMonitor next;

    /** Credentials that are refused from the start end the process, which says so itself. */
    private boolean listed;

    private boolean failing;
    private long said;

    /**
     * @param what is fed: {@code namespaces}
     * @param server its URL
     * @param next hears everything too
     */
    public FeedLog(String what, String server, LongSupplier nanoTime, FeedMonitor next) {
        this.what = what;
        this.server = server;
        this.nanoTime = nanoTime;
        this.next = next;
    }

    @Override
    public void synced() {
        LOG.info("the list of {} stands, the watch goes on from it", what);
        listed = true;
        failing = false;
        next.synced();
    }

    @Override
    public void heard() {
        if (failing) {
            LOG.info("{} answers again", server);
            failing = false;
        }
        next.heard();
    }

    @Override
    public void restarted(String reason) {
        next.restarted(reason);
    }

    @Override
    public void failed(ApiException failure, Duration retryIn) {
        boolean refused = failure.unauthorized() && !listed;
        if (!failure.gone() && !refused && (!failing || nanoTime.getAsLong() - said >= MINUTE)) {
            LOG.warn("{}: {} (tried again until it works)", server, failure.getMessage());
            failing = true;
            said = nanoTime.getAsLong();
        }
        next.failed(failure, retryIn);
    }
}
