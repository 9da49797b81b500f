package run.clawcloud.block.namespace;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.kube.ApiException;

/**
 * Requests of one flow that run at once, each on a virtual thread. One that fails stops no other; the failures are
 * collected. A step may fork further steps. When the thread that joins is interrupted, all steps are.
 */
final class Steps implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    /** One or more requests. */
    @FunctionalInterface
    interface Step {
        void run() throws ApiException, InterruptedException;
    }

    /**
     * Writes of one namespace that are under way at once: enough to hide the network, few enough to be fair to others.
     */
    private static final int WRITES_AT_ONCE = 16;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Phaser running = new Phaser(1);
    private final Semaphore writes = new Semaphore(WRITES_AT_ONCE);
    private final List<ApiException> failures = new ArrayList<>();

    /** Runs a step beside the others. After {@link #close} nothing is run any more. */
    void fork(Step step) {
        submit(step, () -> {});
    }

    /** Runs a step and, whatever becomes of it, what comes after. */
    private void submit(Step step, Runnable after) {
        running.register();
        Runnable end = () -> {
            after.run();
            running.arriveAndDeregister();
        };
        try {
            threads.execute(() -> run(step, end));
        } catch (RejectedExecutionException e) {
            end.run();
        }
    }

    private void run(Step step, Runnable end) {
        try {
            step.run();
        } catch (ApiException e) {
            failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // Not even a lack of memory may pass for a step that was done.
            failed(new ApiException("a step of the flow", e));
        } finally {
            end.run();
        }
    }

    /**
     * Runs a write beside the others, as soon as fewer than {@link #WRITES_AT_ONCE} are under way; waits until then.
     */
    void forkWrite(Step step) {
        writes.acquireUninterruptibly();
        submit(step, writes::release);
    }

    /** Waits for all steps forked so far, and for those that they forked. */
    void join() throws InterruptedException {
        running.awaitAdvanceInterruptibly(running.arrive());
    }

    private synchronized void failed(ApiException failure) {
        failures.add(failure);
    }

    /** What has failed so far. */
    synchronized List<ApiException> failures() {
        return List.copyOf(failures);
    }

    /** Ends what is still under way, so that no write of this flow is left behind when the next one begins. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("a request does not end although it was interrupted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
