package run.clawcloud.block.kubesim.controllers;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import run.clawcloud.block.kubesim.Controllers;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Quotas;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Subscription;
import run.clawcloud.block.kubesim.store.WatchEvent;

/**
 * All controllers of one cluster, running. They look at nothing when they start: the objects that stand there are taken
 * to be as they should be, until something about them changes.
 */
public final class ControllerManager implements Controllers.Running {

    /** What no controller cares about when it comes, changes or goes. */
    private static final Set<ResourceType> UNHEEDED = Set.of(Kinds.EVENTS, Kinds.EVENTS_V1, Kinds.LEASES);

    private final ClusterApi api;
    private final Router router;
    private final Router.Queues queues;
    private final List<Worker> workers = new ArrayList<>();
    private final Map<ResourceType, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    private final AtomicLong unrouted = new AtomicLong();
    private final Thread routing;

    private ControllerManager(
            ClusterApi api, Supplier<List<ResourceType>> types, InstantSource time, ControllerOptions options) {
        this.api = api;
        Cluster cluster = new Cluster(api, time, !options.gracefulPods());
        Map<ResourceType, Reconciler> byType = new LinkedHashMap<>();
        byType.put(Kinds.DEPLOYMENTS, new DeploymentController(cluster));
        byType.put(Kinds.REPLICA_SETS, new ReplicaSetController(cluster, Kinds.REPLICA_SETS));
        byType.put(Kinds.REPLICATION_CONTROLLERS, new ReplicaSetController(cluster, Kinds.REPLICATION_CONTROLLERS));
        byType.put(Kinds.STATEFUL_SETS, new StatefulSetController(cluster));
        byType.put(Kinds.DAEMON_SETS, new DaemonSetController(cluster));
        byType.put(Kinds.JOBS, new JobController(cluster));
        byType.put(Kinds.CRON_JOBS, new CronJobController(cluster));
        NamespaceController namespaces = new NamespaceController(cluster, types);
        GarbageCollector garbage = new GarbageCollector(cluster, types);

        Map<ResourceType, WorkQueue> queuesByType = new LinkedHashMap<>();
        byType.forEach((type, reconciler) -> queuesByType.put(type, run(type.plural(), reconciler, options)));
        this.queues = new Router.Queues(
                queuesByType,
                run("pod-ends", new PodEnds(cluster), options),
                run("namespaces", namespaces, options),
                run("namespace-content", new NamespaceContent(cluster), options),
                run("garbage", garbage, options),
                run("quotas", new QuotaController(cluster, new Quotas(api.store())), options));
        this.router = new Router(cluster, queues, namespaces, garbage);
        this.routing = Thread.ofVirtual().name("router").unstarted(this::route);
    }

    /**
     * All of them, for {@link run.clawcloud.block.kubesim.SimOptions#withControllers}.
     *
     * @param time of status fields and schedules
     */
    public static Controllers of(InstantSource time, ControllerOptions options) {
        return api -> {
            ControllerManager controllers = start(api, api.types()::stored, time, options);
            api.types().onServed(controllers::follow);
            return controllers;
        };
    }

    /**
     * Starts them.
     *
     * @param types what is served now; asked again whenever a namespace is searched through
     * @param time of status fields and schedules
     */
    static ControllerManager start(
            ClusterApi api, Supplier<List<ResourceType>> types, InstantSource time, ControllerOptions options) {
        ControllerManager controllers = new ControllerManager(api, types, time, options);
        controllers.routing.start();
        types.get().forEach(controllers::follow);
        return controllers;
    }

    /** Heeds what happens to objects of that type: for types that are served later than from the start. */
    public void follow(ResourceType type) {
        if (!UNHEEDED.contains(type)) {
            subscriptions.computeIfAbsent(type, added -> api.watch(added, this::take));
        }
    }

    /** Whether all that has happened is worked off; what waits for its time, such as a retry, does not count. */
    public boolean idle() {
        return unrouted.get() == 0 && queues.all().stream().allMatch(WorkQueue::idle) && unrouted.get() == 0;
    }

    private WorkQueue run(String name, Reconciler reconciler, ControllerOptions options) {
        WorkQueue queue = new WorkQueue(System::nanoTime, options.firstRetry(), options.lastRetry());
        workers.add(new Worker(name, queue, reconciler, options.workers()));
        return queue;
    }

    /** Runs on the writing thread. */
    private void take(WatchEvent event) {
        unrouted.incrementAndGet();
        events.add(event);
    }

    private void route() {
        try {
            while (true) {
                router.route(events.take());
                unrouted.decrementAndGet();
            }
        } catch (InterruptedException _) {
            // Closed: this thread ends here.
        }
    }

    /** Stops them all; what is under way is finished first. */
    @Override
    public void close() {
        subscriptions.values().forEach(Subscription::close);
        routing.interrupt();
        workers.forEach(Worker::close);
    }
}
