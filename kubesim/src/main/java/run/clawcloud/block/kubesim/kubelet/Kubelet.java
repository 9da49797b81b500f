package run.clawcloud.block.kubesim.kubelet;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.DeleteOptions;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.StoredObject;
import run.clawcloud.block.kubesim.store.Subscription;
import run.clawcloud.block.kubesim.store.WatchEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Starts and stops pods, on one thread of its own. */
public final class Kubelet implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Kubelet.class.getName());

    private final ClusterApi api;
    private final InstantSource time;
    private final Duration startDelay;
    private final ScheduledThreadPoolExecutor executor;
    private final Subscription subscription;

    /**
     * Begins to look after pods that are created or deleted from now on.
     *
     * @param startDelay how long a new pod is Pending
     */
    public Kubelet(ClusterApi api, InstantSource time, Duration startDelay) {
        this.api = api;
        this.time = time;
        this.startDelay = startDelay;
        this.executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("kubelet").daemon().factory());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.subscription = api.watch(Kinds.PODS, this::hear);
    }

    private void hear(WatchEvent event) {
        Duration delay = event.kind() == WatchEvent.Kind.ADDED ? startDelay : Duration.ZERO;
        if (event.kind() != WatchEvent.Kind.DELETED) {
            try {
                Future<?> _ = executor.schedule(() -> look(event.object()), delay.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException _) {
                // Closed: nobody looks after pods any more.
            }
        }
    }

    private void look(StoredObject pod) {
        ObjectNode tree = pod.tree();
        try {
            if (tree.path("metadata").has("deletionTimestamp")) {
                if (tree.path("metadata").path("deletionGracePeriodSeconds").asLong() > 0) {
                    api.delete(pod.type(), pod.namespace(), pod.name(), stopped(pod));
                }
            } else if (isNew(tree)) {
                String now = time.instant().truncatedTo(ChronoUnit.SECONDS).toString();
                api.modify(
                        pod.type(),
                        pod.namespace(),
                        pod.name(),
                        Subresource.BINDING,
                        PodStatus.KUBELET,
                        current -> isNew(current) ? PodStatus.on(current, "Running", now) : current);
            }
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 409) {
                LOG.log(Level.WARNING, "pod " + pod.key() + " was left alone", e);
            }
        }
    }

    private static DeleteOptions stopped(StoredObject pod) {
        return new DeleteOptions(pod.uid(), null, DeleteOptions.Propagation.BACKGROUND, 0L);
    }

    private static boolean isNew(JsonNode pod) {
        return !pod.path("metadata").has("deletionTimestamp")
                && pod.path("status").path("phase").asString("").equals("Pending");
    }

    @Override
    public void close() {
        subscription.close();
        executor.shutdownNow();
    }
}
