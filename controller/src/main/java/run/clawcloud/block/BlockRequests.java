package run.clawcloud.block;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.cluster.ApiServer;
import run.clawcloud.block.cluster.KubeListWatch;
import run.clawcloud.block.cluster.KubeRequests;
import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.feed.ListWatch;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.namespace.Cluster;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.ops.Intake;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.WorkListener;
import run.clawcloud.block.queue.WorkQueue;
import run.clawcloud.block.request.BlockRequestView;
import run.clawcloud.block.request.HoldReconciler;
import run.clawcloud.block.request.RequestListener;
import run.clawcloud.block.request.RequestLister;
import run.clawcloud.block.request.RequestReconciler;
import run.clawcloud.block.request.Requests;
import run.clawcloud.block.request.Scope;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.time.Backoff;
import run.clawcloud.block.time.Pause;

/**
 * The parts that serve BlockRequests, put together: their feed, what they want, the queue of namespaces whose label is
 * to be written, and the queue of requests whose status is. A part of the composition root.
 */
final class BlockRequests {

    private static final Logger LOG = LoggerFactory.getLogger(BlockRequests.class);

    /** Requests whose finalizer or status is written at once. */
    private static final int REPORTS_AT_ONCE = 4;

    /** What happens to many targets in a moment is reported together. */
    private static final Duration GATHERING = Duration.ofMillis(250);

    private static final Duration STOP_GRACE = Duration.ofSeconds(1);

    private final Requests requests;
    private final Scope scope;
    private final int workers;
    private final WorkQueue<String> holds;
    private final WorkQueue<String> reports;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final ListedAnew anew = new ListedAnew();

    /** A process that stands by reports nothing. */
    private volatile boolean reporting;

    private @Nullable Feed<BlockRequestView> feed;

    /** @param relist has namespaces listed anew and watched with another label selector */
    BlockRequests(Settings settings, WorkListener<String> defects, Consumer<String> relist) {
        requests = new Requests(new Changes(), settings.flows().lockLength(), settings.requestNamespaces());
        scope = new Scope(relist);
        workers = settings.workerCount();
        holds = new WorkQueue<>(workers, new Backoff(new SplittableRandom()), defects);
        reports = new WorkQueue<>(REPORTS_AT_ONCE, new Backoff(new SplittableRandom()), defects);
    }

    Requests requests() {
        return requests;
    }

    Scope scope() {
        return scope;
    }

    /** The feed of requests, which {@link Namespaces} must know before it runs. */
    Feed<BlockRequestView> feed(ApiServer server, FeedMonitor.Factory monitors) {
        ListWatch source = new KubeListWatch(server, Resource.BLOCK_REQUESTS);
        RequestLister lister = new RequestLister(source, requests);
        Feed<BlockRequestView> made = new Feed<>(
                source,
                "",
                (selector, notOlderThan) -> anew.listing(() -> lister.list(selector, notOlderThan)),
                BlockRequestView::read,
                BlockRequestView::resourceVersion,
                requests,
                new Arrival(monitors.of("blockrequests", FeedMonitor.NONE)),
                Pause.REAL,
                new SplittableRandom());
        feed = made;
        return made;
    }

    /**
     * Waits until all requests are known, or can't be had: only then should namespaces be listed, or each that is held
     * would have to be looked at singly.
     */
    void awaitArrival() throws InterruptedException {
        asked.await();
    }

    /** From now on it is reported what becomes of requests. */
    void report() {
        reporting = true;
    }

    /**
     * Lists all requests anew, and returns when that is done, or when there are none to be had and never were: what
     * another process has done until now was for requests of which this one may not have heard yet.
     *
     * @return false when that took longer; what is known of the requests is not to be trusted then
     */
    boolean listAnew(Duration limit) throws InterruptedException {
        long wanted = anew.wanted();
        Objects.requireNonNull(feed, "feed comes first").relist();
        return anew.await(wanted, limit);
    }

    /** Begins to work. Called once the namespaces are known: until then, nothing can be said of them. */
    void start(
            Cluster cluster,
            ApiServer server,
            Namespaces namespaces,
            Events events,
            Settings settings,
            FlowMonitor monitor,
            InstantSource clock) {
        holds.start(
                new HoldReconciler(cluster, namespaces, events, settings.flows(), monitor, clock, System::nanoTime));
        reports.start(new RequestReconciler(
                new KubeRequests(server), requests, namespaces, events, monitor, clock, System::nanoTime));
    }

    /** A namespace is not as its requests want it. */
    void unsettled(String namespace, Priority priority) {
        holds.add(namespace, priority);
    }

    /** A request's status may have to change. */
    void targetChanged(int request) {
        if (!reporting) {
            return;
        }
        requests.key(request).ifPresent(key -> reports.addAfter(key, Priority.LIVE, GATHERING));
    }

    /** Lets labels be written by fewer hands: the share that the intake says. Reports of what was done go on. */
    void take(Intake intake) {
        holds.limit(intake.of(workers));
    }

    boolean idle() {
        return holds.idle() && reports.idle();
    }

    /** Whether all that was under way ended by itself. */
    boolean shutdown() throws InterruptedException {
        boolean ended = holds.shutdown(STOP_GRACE);
        return reports.shutdown(STOP_GRACE) && ended;
    }

    /** What becomes of requests, to the queue of reports and to the scope of the feed of namespaces. */
    private final class Changes implements RequestListener {
        @Override
        public void changed(String key) {
            if (reporting) {
                reports.add(key, Priority.LIVE);
            }
        }

        @Override
        public void selectors(Selectors selectors, boolean added) {
            scope.selectors(selectors, added);
        }
    }

    /** Says when the requests are known for the first time, and in plain words that there can be none. */
    private final class Arrival implements FeedMonitor {
        private final FeedMonitor next;
        private boolean known;
        private boolean missing;

        Arrival(FeedMonitor next) {
            this.next = next;
        }

        @Override
        public void synced() {
            if (!known && asked.getCount() == 0) {
                // Namespaces were listed without them.
                scope.listAnew();
            }
            known = true;
            missing = false;
            asked.countDown();
            next.synced();
        }

        @Override
        public void heard() {
            next.heard();
        }

        @Override
        public void restarted(String reason) {
            // Without their definition, each look for it fails: that is said once, and is nothing to be woken for.
            if (!missing) {
                next.restarted(reason);
            }
        }

        @Override
        public void failed(ApiException failure, Duration retryIn) {
            asked.countDown();
            if (!known) {
                // None is known, so all that are held are left alone: there is nothing to wait for.
                anew.givenUp();
            }
            if (!failure.notFound()) {
                next.failed(failure, retryIn);
                return;
            }
            // The server does answer.
            next.heard();
            if (!missing) {
                missing = true;
                LOG.warn(
                        "this cluster has no BlockRequests: their CustomResourceDefinition, deploy/crd, is not installed."
                                + " Labels work without; until it is, namespaces that BlockRequests hold are left as they are");
            }
        }
    }
}
