package run.clawcloud.block.ops.health;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongSupplier;
import run.clawcloud.block.cluster.RequestMonitor;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.ops.HealthCheck;
import run.clawcloud.block.ops.HealthCheck.Finding;
import run.clawcloud.block.queue.WorkListener;

/**
 * Listens to the parts, and finds what stands still. An API server that can't be reached makes unready and never dead:
 * after a restart it can't be reached either, and what was known of the cluster would be gone. Thread-safe.
 */
public final class Health {

    private final Limits limits;
    private final ServerHealth server;
    private final FeedHealth feeds;
    private final WorkerHealth workers;
    private final Set<String> ended = new ConcurrentSkipListSet<>();

    /** @param nanoTime the clock, as {@link System#nanoTime} */
    public Health(Limits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.server = new ServerHealth(nanoTime);
        this.feeds = new FeedHealth(nanoTime);
        this.workers = new WorkerHealth(nanoTime);
    }

    /** Hears of requests, on the thread that sends them; {@code next} hears of all, too. */
    public RequestMonitor requests(RequestMonitor next) {
        return (verb, resource, code, took) -> {
            server.answered(code);
            workers.progressed();
            next.answered(verb, resource, code, took);
        };
    }

    /**
     * Hears of one feed.
     *
     * @param what is fed: {@code namespaces}
     * @param next hears everything too
     */
    public FeedMonitor feed(String what, FeedMonitor next) {
        return feeds.of(what, next);
    }

    /** Hears of the workers of one queue; {@code next} hears everything too. */
    public <K> WorkListener<K> work(WorkListener<K> next) {
        return workers.of(next);
    }

    /** A thread that goes on for as long as the process has ended by a defect. */
    public void ended(String thread) {
        ended.add(thread);
    }

    /** What it looks at. */
    public List<HealthCheck> checks() {
        return List.of(
                new HealthCheck("api-server", () -> server.reachedWithin(limits.unreachable())),
                new HealthCheck(
                        "watches",
                        () -> feeds.heardWithin(limits.watch().ready()),
                        () -> feeds.triedWithin(limits.watch().alive())),
                new HealthCheck(
                        "workers",
                        () -> workers.gotOnWithin(limits.worker().ready()),
                        () -> workers.gotOnWithin(limits.worker().alive())),
                new HealthCheck("threads", this::threads, this::threads));
    }

    private Finding threads() {
        return ended.isEmpty() ? Finding.WELL : Finding.unwell("ended by a defect: " + String.join(", ", ended));
    }
}
