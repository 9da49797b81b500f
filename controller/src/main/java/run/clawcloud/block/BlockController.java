package run.clawcloud.block;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.cluster.ApiServer;
import run.clawcloud.block.cluster.EventWriter;
import run.clawcloud.block.cluster.KubeCluster;
import run.clawcloud.block.cluster.KubeConnection;
import run.clawcloud.block.cluster.KubeConnection.KubeConfigException;
import run.clawcloud.block.cluster.KubeConnection.UnknownContextException;
import run.clawcloud.block.cluster.KubeListWatch;
import run.clawcloud.block.cluster.KubeReviews;
import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.feed.ListWatch;
import run.clawcloud.block.feed.NamespaceLister;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.QuotaScan;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.namespace.LockNotice;
import run.clawcloud.block.namespace.NamespaceReconciler;
import run.clawcloud.block.ops.Endpoints;
import run.clawcloud.block.ops.EventRecorder;
import run.clawcloud.block.ops.FeedLog;
import run.clawcloud.block.ops.HealthCheck;
import run.clawcloud.block.ops.HealthCheck.Finding;
import run.clawcloud.block.ops.Intake;
import run.clawcloud.block.ops.MemoryGuard;
import run.clawcloud.block.ops.ProcessMemory;
import run.clawcloud.block.ops.health.Health;
import run.clawcloud.block.ops.health.Limits;
import run.clawcloud.block.ops.metrics.Metrics;
import run.clawcloud.block.ops.secure.SecureServing;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.WorkListener;
import run.clawcloud.block.queue.WorkQueue;
import run.clawcloud.block.request.BlockRequestView;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.EventFilter;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.QuotaGuard;
import run.clawcloud.block.time.Backoff;
import run.clawcloud.block.time.Pause;

/**
 * Puts the parts together, and starts and stops them. From left to right: feed, state, queue, namespace, cluster; what
 * flows back is handed in here as an interface.
 */
public final class BlockController implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BlockController.class);

    /** A stop takes at most ten seconds: this long for what is under way to finish, the rest to abandon it. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private static final Duration SCAN_RETRY = Duration.ofMinutes(1);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration MEMORY_LOOK = Duration.ofSeconds(1);
    private static final Duration TAKE_OVER_LIMIT = Duration.ofSeconds(30);
    private static final int RUNNING = -1;
    private static final WorkListener<String> UNHEARD = new WorkListener<>() {};

    private final Settings settings;
    private final KubeConnection connection;
    private final Metrics metrics;
    private final InstantSource clock;
    private final Health health;
    private final Endpoints endpoints;
    private final WorkQueue<String> queue;
    private final NamespaceReconciler reconciler;
    private final Namespaces namespaces;
    private final QuotaGuard quotaGuard;
    private final ListWatch quotas;
    private final ApiServer server;
    private final KubeCluster cluster;
    private final BlockRequests blockRequests;
    private final Feed<NamespaceReading> namespaceFeed;
    private final Feed<BlockRequestView> requestFeed;
    private final Feed<QuotaView> quotaFeed;
    private final EventRecorder events;
    private final MemoryGuard memoryGuard;
    private final @Nullable LeaderElection election;
    private final List<Thread> loops = new CopyOnWriteArrayList<>();
    private final Semaphore scanWanted = new Semaphore(0);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger exitStatus = new AtomicInteger(RUNNING);

    private final CountDownLatch synced = new CountDownLatch(1);

    /** It does not stand by: what is found is worked on, and people are told. */
    private volatile boolean works;

    private BlockController(
            Settings settings,
            KubeConnection connection,
            String identity,
            InstantSource clock,
            WorkListener<String> heard,
            Limits limits)
            throws IOException {
        this.settings = settings;
        this.connection = connection;
        this.clock = clock;
        metrics = new Metrics(Version.current(), System::nanoTime);
        health = new Health(limits, System::nanoTime);

        ApiServer door = new ApiServer(
                connection.client(),
                connection.url(),
                settings.dryRun(),
                health.requests(metrics.requests()),
                Pause.REAL,
                System::nanoTime);
        FeedLog feedLog = new FeedLog(connection.url(), System::nanoTime);
        FeedMonitor.Factory monitors = (what, next) -> health.feed(what, metrics.feed(what, feedLog.of(what, next)));
        election = settings.election() == null || settings.dryRun()
                ? null
                : new LeaderElection(settings.election(), identity, door, clock, monitors);
        server = election == null ? door : door.writingFor(election.leadership());
        events = new EventRecorder(new EventWriter(server, instance()), clock, System::nanoTime, Pause.REAL);

        queue = new WorkQueue<>(
                settings.maxConcurrentReconciles(), new Backoff(new SplittableRandom()), health.work(new Work(heard)));
        blockRequests = new BlockRequests(settings, health.work(new Defects()), this::relistNamespaces);
        cluster = new KubeCluster(server, settings.scanBatchSize(), blockRequests.scope());
        namespaces = new Namespaces(
                new Router(), clock, blockRequests.requests(), settings.flows().protectedNamespaces());
        blockRequests.requests().join(namespaces);
        quotaGuard = new QuotaGuard(namespaces, settings.flows().quota());
        reconciler = new NamespaceReconciler(
                cluster,
                namespaces,
                events,
                settings.flows(),
                settings.maxDeletionsPerMinute(),
                metrics.flows(),
                clock,
                System::nanoTime);

        ListWatch namespaceSource = new KubeListWatch(server, Resource.NAMESPACES);
        NamespaceReading reading = new NamespaceReading(blockRequests.scope());
        EventFilter filter = new EventFilter(namespaces);
        namespaceFeed = new Feed<>(
                namespaceSource,
                NamespaceLister.WITH_STATUS,
                new NamespaceLister(namespaceSource, settings.listPageSize(), reading::read, new Listing(filter)),
                reading::read,
                NamespaceReading::resourceVersion,
                filter,
                monitors.of("namespaces", new Readiness()),
                Pause.REAL,
                new SplittableRandom());
        requestFeed = blockRequests.feed(server, monitors);
        quotas = new KubeListWatch(server, Resource.RESOURCE_QUOTAS);
        quotaFeed = new Feed<>(
                quotas,
                QuotaScan.OURS,
                this::whereToWatchQuotasFrom,
                QuotaView::read,
                QuotaView::resourceVersion,
                quotaGuard,
                monitors.of("quotas", FeedMonitor.NONE),
                Pause.REAL,
                new SplittableRandom());

        ProcessMemory memory = ProcessMemory.ofThisJvm();
        memoryGuard = new MemoryGuard(settings.maxMemory(), memory, System::nanoTime, new MemoryRelief());
        metrics.watch(namespaces, queue::depth, filter);
        metrics.watch(memory, settings.maxMemory(), namespaces::memoryBytes, memoryGuard::intake);
        metrics.droppedEvents(events::dropped);
        metrics.leader(() -> election == null || election.leadership().held());
        endpoints = Endpoints.open(
                settings.metrics(),
                metrics,
                secureServing(settings.secureMetrics(), door, clock),
                settings.health(),
                checks());
    }

    private List<HealthCheck> checks() {
        return Stream.of(
                        List.of(new HealthCheck("feed", this::feedHealth)),
                        health.checks(),
                        List.of(
                                new HealthCheck("memory", this::memoryHealth),
                                new HealthCheck("leadership", this::leadershipHealth)))
                .flatMap(List::stream)
                .toList();
    }

    /** Metrics are served by those that stand by, too: their reviews do not wait for the leadership. */
    private static @Nullable SecureServing secureServing(
            Settings.@Nullable SecureMetrics settings, ApiServer door, InstantSource clock) throws IOException {
        if (settings == null) {
            return null;
        }
        KubeReviews reviews = new KubeReviews(door);
        Path directory = settings.certificates();
        return directory == null
                ? SecureServing.selfSigned(reviews, clock, System::nanoTime)
                : SecureServing.withFiles(
                        directory.resolve(settings.certificate()),
                        directory.resolve(settings.key()),
                        reviews,
                        System::nanoTime);
    }

    /**
     * Connects and starts; what the flags ask for can't be had: an exception says so in one line.
     *
     * @throws IOException when an address to listen on is taken, or the certificate for it can't be used
     */
    public static BlockController start(Settings settings) throws KubeConfigException, IOException {
        return start(settings, InstantSource.system(), UNHEARD, Limits.USUAL);
    }

    /**
     * The same, by another clock, and with somebody who hears of the work on namespaces.
     *
     * @param clock says when locks run out; what is waited for is measured by the system's timer all the same
     */
    public static BlockController start(Settings settings, InstantSource clock, WorkListener<String> heard)
            throws KubeConfigException, IOException {
        return start(settings, clock, heard, Limits.USUAL);
    }

    /** @param limits for how long what is wrong is borne before it shows in {@code /readyz} and {@code /livez} */
    static BlockController start(Settings settings, InstantSource clock, Limits limits)
            throws KubeConfigException, IOException {
        return start(settings, clock, UNHEARD, limits);
    }

    private static BlockController start(
            Settings settings, InstantSource clock, WorkListener<String> heard, Limits limits)
            throws KubeConfigException, IOException {
        String identity = LeaderElection.identity(host());
        String userAgent =
                "block-controller/" + Version.current() + (settings.election() == null ? "" : " (" + identity + ")");
        KubeConnection connection = KubeConnection.open(settings.kubeconfig(), settings.context(), userAgent);
        try {
            BlockController controller = new BlockController(settings, connection, identity, clock, heard, limits);
            controller.start();
            return controller;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Runs until SIGTERM or SIGINT, or until it can't go on.
     *
     * @return the exit status
     */
    static int runUntilStopped(Settings settings) throws InterruptedException {
        try {
            BlockController controller = start(settings);
            try (StopSignal _ = new StopSignal(() -> controller.stop(ExitStatus.OK));
                    controller) {
                controller.stopped.await();
            }
            return controller.exitStatus.get();
        } catch (UnknownContextException e) {
            LOG.error(e.getMessage());
            return ExitStatus.UNKNOWN_CONTEXT;
        } catch (KubeConfigException e) {
            LOG.error(e.getMessage());
            return ExitStatus.BAD_KUBECONFIG;
        } catch (IOException e) {
            LOG.error(e.getMessage());
            return ExitStatus.ADDRESS_IN_USE;
        }
    }

    /** The namespaces have been listed, and the watch goes on from there. */
    public boolean synced() {
        return synced.getCount() == 0;
    }

    /** To stand by is as well as to lead. */
    private Finding leadershipHealth() {
        return new Finding(
                true, election == null ? "no election" : election.leadership().held() ? "leader" : "standby");
    }

    private Finding feedHealth() {
        return new Finding(synced(), synced() ? "" : "the namespaces have not been listed yet");
    }

    /** Not ready while no work is taken: a rollout with too small a limit then stops by itself. */
    private Finding memoryHealth() {
        Intake intake = memoryGuard.intake();
        String consequence = switch (intake) {
            case FULL -> "";
            case SLOWED -> "; new work is taken by a quarter of the workers";
            case STOPPED -> "; no new work is taken";
        };
        return new Finding(intake != Intake.STOPPED, memoryGuard.inUse() + consequence);
    }

    private void start() {
        if (election == null) {
            blockRequests.report();
            work();
        } else {
            election.start(this::takeOver, this::lost, () -> stop(ExitStatus.INTERNAL_ERROR));
        }
        loop("feed of blockrequests", requestFeed::run);
        loop("feed of namespaces", () -> {
            blockRequests.awaitArrival();
            // What the requests need watched is listed first.
            blockRequests.scope().apply();
            loop("scope", blockRequests.scope()::run);
            namespaceFeed.run();
        });
        loop("feed of quotas", quotaFeed::run);
        loop("memory guard", () -> repeat(MEMORY_LOOK, memoryGuard::look));
        if (settings.flows().expirationAction() != ExpirationAction.NONE) {
            loop(
                    "expiry",
                    () -> repeat(TICK, () -> namespaces.tick(settings.flows().gracePeriod())));
        }
    }

    /** Begins to work on what is found; until then it is only known. */
    private void work() {
        works = true;
        queue.start(reconciler);
        loop("blockrequests", () -> {
            synced.await();
            LOG.info(
                    "block-controller {} works on {}{}",
                    Version.current(),
                    connection.url(),
                    settings.dryRun() ? " (dry run: nothing is written)" : "");
            blockRequests.start(cluster, server, namespaces, events, settings, metrics.flows(), clock);
        });
        loop("events", events::run);
        loop("slow scan", this::scanSlowly);
    }

    /**
     * This process leads now. What the leader before it has done the watches may not have told yet; whatever is decided
     * on an old view of a namespace fails as a conflict and is looked at again. Only who holds a namespace can't be
     * seen from it: so requests are listed anew.
     */
    private void takeOver() {
        loop("take over", () -> {
            blockRequests.report();
            if (!blockRequests.listAnew(TAKE_OVER_LIMIT)) {
                // The next process begins without any, and leaves alone what is held until it knows them.
                lost("the BlockRequests could not be listed within " + TAKE_OVER_LIMIT.toSeconds() + " s");
                return;
            }
            work();
            namespaces.tellAll();
        });
    }

    /** Whatever is under way was cancelled already. A new process begins anew, from the list on. */
    private void lost(String why) {
        LOG.error("leader election lost: {}; the process ends", why);
        stop(ExitStatus.LEADERSHIP_LOST);
    }

    /** It has asked for its own end, as when the leadership is lost; a process would exit now. */
    public boolean ended() {
        return exitStatus.get() != RUNNING;
    }

    /** Nothing is being worked on and nothing waits to be. */
    public boolean idle() {
        return queue.idle() && blockRequests.idle();
    }

    @FunctionalInterface
    private interface Loop {
        void run() throws InterruptedException;
    }

    /** A part that ends by itself is a defect that nobody may oversee: the process ends, and is started anew. */
    private void loop(String name, Loop loop) {
        loops.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                loop.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                LOG.error("{} ended by a defect; the process stops", name, e);
                health.ended(name);
                stop(ExitStatus.INTERNAL_ERROR);
            }
        }));
    }

    private static void repeat(Duration pause, Runnable task) throws InterruptedException {
        while (true) {
            task.run();
            Pause.REAL.sleep(pause);
        }
    }

    private void relistNamespaces(String labelSelector) {
        namespaceFeed.relist(labelSelector);
    }

    /**
     * The watch of quotas begins now: what happened to them before is found by a scan, at once after a 410. No watch
     * begins before the namespaces are known: it would tell of quotas of which nobody can say yet whether they are
     * missed.
     */
    private long whereToWatchQuotasFrom(String labelSelector, long notOlderThan)
            throws ApiException, InterruptedException {
        long resourceVersion = quotas.resourceVersion();
        if (notOlderThan != Feed.Lister.CACHED) {
            scanWanted.release();
        }
        synced.await();
        return resourceVersion;
    }

    private void scanSlowly() throws InterruptedException {
        Duration pause = settings.slowScanInterval();
        while (true) {
            if (scanWanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                scanWanted.drainPermits();
            }
            pause = settings.slowScanInterval();
            try {
                namespaces.scanBegins();
                QuotaScan.all(quotas, settings.listPageSize(), quotaGuard::scanned);
                namespaces.scanEnds();
            } catch (ApiException e) {
                pause = SCAN_RETRY;
                metrics.flows().failed(e);
                LOG.warn("the slow scan was broken off, the next one is in {}: {}", pause, e.getMessage());
            }
        }
    }

    /** Lets {@link #runUntilStopped} end; the first reason is the one that counts. */
    private void stop(int status) {
        exitStatus.compareAndSet(RUNNING, status);
        stopped.countDown();
    }

    /**
     * Stops taking work, lets what is under way finish, abandons what does not. Whatever is abandoned is found again.
     */
    @Override
    public synchronized void close() {
        try {
            if (election != null) {
                election.stop();
            }
            loops.forEach(Thread::interrupt);
            boolean ended = blockRequests.shutdown();
            if (!queue.shutdown(STOP_GRACE) || !ended) {
                LOG.info("abandoned what was under way; it is taken up again at the next start");
            }
            if (election != null) {
                election.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endpoints.close();
        connection.close();
    }

    private static String instance() {
        String host = host();
        return host.isEmpty() ? "block-controller" : "block-controller-" + host;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    /** From the state to the queue, and to people. Of a process that stands by, only the state knows. */
    private final class Router implements ChangeListener {
        @Override
        public void needed(String namespace, Cause cause) {
            if (works) {
                queue.add(namespace, priority(cause));
            }
        }

        private static Priority priority(Cause cause) {
            return switch (cause) {
                case LIVE -> Priority.LIVE;
                case BACKLOG -> Priority.BACKLOG;
                case DRIFT -> Priority.DRIFT;
            };
        }

        @Override
        public void unsettled(String namespace, Cause cause) {
            if (works) {
                blockRequests.unsettled(namespace, priority(cause));
            }
        }

        @Override
        public void targetChanged(int request) {
            blockRequests.targetChanged(request);
        }

        @Override
        public void missing(boolean any) {
            blockRequests.scope().missing(any);
        }

        @Override
        public void notice(String namespace, Notice notice, Deadline deadline) {
            if (works && !settings.flows().protectedNamespaces().contains(namespace)) {
                LockNotice.write(events, namespace, notice, deadline, settings.flows());
            }
        }
    }

    /** A worker must not throw; when one does, everybody has to see it. */
    private class Defects implements WorkListener<String> {
        @Override
        public void threw(String namespace, Throwable cause) {
            LOG.error("working on {} ended by a defect; it is tried again", namespace, cause);
            metrics.work().threw(namespace, cause);
        }

        @Override
        public void died(Throwable cause) {
            LOG.error("nothing is worked on any more; the process stops", cause);
            health.ended("work queue");
            stop(ExitStatus.INTERNAL_ERROR);
        }
    }

    /** What is done with namespaces, for the metrics too. */
    private final class Work extends Defects {
        private final WorkListener<String> heard;

        Work(WorkListener<String> heard) {
            this.heard = heard;
        }

        @Override
        public void started(String namespace, Priority priority, long waitedNanos) {
            metrics.work().started(namespace, priority, waitedNanos);
            heard.started(namespace, priority, waitedNanos);
        }

        @Override
        public void finished(String namespace, Outcome outcome, long tookNanos) {
            metrics.work().finished(namespace, outcome, tookNanos);
            heard.finished(namespace, outcome, tookNanos);
        }
    }

    /** What the feed of namespaces means for the process. */
    private final class Readiness implements FeedMonitor {
        @Override
        public void synced() {
            synced.countDown();
        }

        @Override
        public void failed(ApiException failure, Duration retryIn) {
            if (!BlockController.this.synced() && failure.unauthorized()) {
                stop(ExitStatus.UNAUTHORIZED);
            }
        }
    }

    /**
     * The requests hear of lists of all namespaces, too: then every one of these has been held against their selectors.
     */
    private final class Listing implements NamespaceLister.Sink {
        private final NamespaceLister.Sink next;
        private boolean everything;

        Listing(NamespaceLister.Sink next) {
            this.next = next;
        }

        @Override
        public void listBegins(boolean all) {
            everything = all;
            if (everything) {
                blockRequests.requests().namespacesListBegins();
            }
            next.listBegins(all);
        }

        @Override
        public void listed(NamespaceReading namespace) {
            next.listed(namespace);
        }

        @Override
        public void listEnds(long resourceVersion) {
            next.listEnds(resourceVersion);
            if (everything) {
                blockRequests.requests().namespacesListEnds();
            }
        }
    }

    private final class MemoryRelief implements MemoryGuard.Relief {
        @Override
        public void trim() {
            namespaces.trim();
        }

        @Override
        public void collect() {
            System.gc();
        }

        @Override
        public void take(Intake intake) {
            queue.limit(intake.of(settings.maxConcurrentReconciles()));
            blockRequests.take(intake);
        }
    }
}
