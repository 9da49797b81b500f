package run.clawcloud.block.kubesim.controllers;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.store.ObjectKey;

/** Takes keys out of a queue and has them reconciled, on a few virtual threads. */
final class Worker implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Worker.class.getName());

    private static final int FORBIDDEN = 403;
    private static final Duration REFUSED = Duration.ofSeconds(1);

    private final WorkQueue queue;
    private final Reconciler reconciler;
    private final List<Thread> threads = new ArrayList<>();

    Worker(String name, WorkQueue queue, Reconciler reconciler, int concurrency) {
        this.queue = queue;
        this.reconciler = reconciler;
        for (int i = 0; i < concurrency; i++) {
            threads.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
        }
    }

    private void work() {
        try {
            for (ObjectKey key = queue.take(); key != null; key = queue.take()) {
                reconcile(key);
            }
        } catch (InterruptedException _) {
            // Closed: this thread ends here.
        }
    }

    private void reconcile(ObjectKey key) {
        boolean retry = true;
        Duration atLeast = Duration.ZERO;
        @Nullable Duration next = null;
        try {
            next = reconciler.reconcile(key);
            retry = false;
        } catch (ApiException e) {
            retry = !isFinal(e);
            // A quota does not change its mind: the queue is told when it is changed or gone.
            atLeast = e.code() == FORBIDDEN ? REFUSED : Duration.ZERO;
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, reconciler.getClass().getSimpleName() + " failed at " + key, e);
        } finally {
            if (retry) {
                queue.failed(key, atLeast);
            } else {
                queue.done(key, next);
            }
        }
    }

    /** Whether trying again can't help: nothing comes into a namespace that goes. */
    private static boolean isFinal(ApiException e) {
        return e.status()
                        .path("details")
                        .path("causes")
                        .path(0)
                        .path("reason")
                        .asString("")
                        .equals("NamespaceTerminating")
                || e.code() == 404;
    }

    /** Ends the threads; waits until they are done with what they do. */
    @Override
    public void close() {
        queue.close();
        for (Thread thread : threads) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
