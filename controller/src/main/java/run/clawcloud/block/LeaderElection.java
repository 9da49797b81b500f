package run.clawcloud.block;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.cluster.ApiServer;
import run.clawcloud.block.cluster.KubeLeases;
import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.feed.ListWatch;
import run.clawcloud.block.feed.Pages;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.leader.Elector;
import run.clawcloud.block.leader.Leadership;
import run.clawcloud.block.leader.Lease;
import run.clawcloud.block.time.Pause;

/** The parts that serve leader election, put together. A part of the composition root. */
final class LeaderElection {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

    private static final Duration STOP_GRACE = Duration.ofSeconds(1);

    private final Leadership leadership;
    private final Elector elector;
    private final Feed<Lease> feed;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /**
     * @param door through which writes pass whoever leads
     * @param monitors of the feed
     */
    LeaderElection(
            Settings.Election settings,
            String identity,
            ApiServer door,
            InstantSource clock,
            FeedMonitor.Factory monitors) {
        KubeLeases leases = new KubeLeases(door, settings.namespace(), settings.name(), clock);
        leadership = new Leadership(settings.timing().renewDeadline(), System::nanoTime, clock);
        elector = new Elector(leases, leadership, identity, settings.timing());
        ListWatch source = leases.collection();
        feed = new Feed<>(
                source,
                "",
                (selector, _) -> list(source, selector),
                Lease::read,
                Lease::resourceVersion,
                elector,
                monitors.of("leases", FeedMonitor.NONE),
                Pause.REAL,
                new SplittableRandom());
    }

    private long list(ListWatch source, String selector) throws ApiException, InterruptedException {
        boolean[] any = {false};
        long resourceVersion =
                Pages.readAll("leases", token -> source.list(selector, 0, token, null), Lease::read, lease -> {
                    any[0] = true;
                    elector.changed(lease);
                });
        if (!any[0]) {
            elector.missing(resourceVersion);
        }
        return resourceVersion;
    }

    /** A name that no other process has or had; as client-go's, it says where to look. */
    static String identity(String host) {
        return (host.isEmpty() ? "block-controller" : host) + "_" + UUID.randomUUID();
    }

    /** What decides whether a write is sent. */
    Leadership leadership() {
        return leadership;
    }

    /**
     * Competes for the Lease until {@link #stop}.
     *
     * @param leads called once, when this process leads; returns at once
     * @param lost called once after that, with the reason, when it does not any more
     * @param defect called when a part ends by a defect
     */
    void start(Runnable leads, Consumer<String> lost, Runnable defect) {
        thread("feed of leases", defect, feed::run);
        thread("leader election", defect, () -> {
            elector.awaitLeadership();
            leads.run();
            lost.accept(elector.keep());
        });
    }

    @FunctionalInterface
    private interface Task {
        void run() throws InterruptedException;
    }

    private void thread(String name, Runnable defect, Task task) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                LOG.error("{} ended by a defect; the process stops", name, e);
                defect.run();
            }
        }));
    }

    /** Competes no more. A leader may write on, for as long as its last renewal lets it. */
    void stop() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            if (!thread.join(STOP_GRACE)) {
                LOG.warn("{} does not end", thread.getName());
            }
        }
    }

    /** Gives the leadership back, after {@link #stop}, when nothing is to be written any more. */
    void release() throws InterruptedException {
        elector.release();
    }
}
