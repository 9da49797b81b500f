package run.clawcloud.block;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT, for as long as this is open: the process ends with status 0 instead of the signal's number, once
 * what runs has been told and this has been closed.
 */
final class StopSignal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

    /** The process then ends even if something can't be closed. */
    private static final Duration LIMIT = Duration.ofSeconds(9);

    private final Runnable stop;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::received, "stop");

    /** @param stop tells what runs to end, and returns at once */
    StopSignal(Runnable stop) {
        this.stop = stop;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void received() {
        LOG.info("told to stop");
        stop.run();
        try {
            if (!closed.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("not everything was closed within {}; the process ends all the same", LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitStatus.OK);
    }

    /** What runs has ended. */
    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("ended by a signal", e);
        }
    }
}
