package run.clawcloud.block.request;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.Cluster;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.namespace.FlowMonitor.Flow;
import run.clawcloud.block.namespace.FlowSettings;
import run.clawcloud.block.namespace.NamespacePatch;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.Worker;
import run.clawcloud.block.state.Hold;
import run.clawcloud.block.state.Namespaces;

/**
 * Makes a namespace what its BlockRequests want: reads it as it is now, and writes its label and annotations in one
 * write that holds only for what was read.
 */
public final class HoldReconciler implements Worker<String> {

    private static final Logger LOG = LoggerFactory.getLogger(HoldReconciler.class);

    /** Somebody writes the namespace again and again: after so many conflicts the queue's backoff takes over. */
    private static final int ATTEMPTS = 5;

    private final Cluster cluster;
    private final Namespaces namespaces;
    private final Events events;
    private final FlowSettings settings;
    private final FlowMonitor monitor;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    public HoldReconciler(
            Cluster cluster,
            Namespaces namespaces,
            Events events,
            FlowSettings settings,
            FlowMonitor monitor,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.cluster = cluster;
        this.namespaces = namespaces;
        this.events = events;
        this.settings = settings;
        this.monitor = monitor;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public Outcome process(String namespace) throws InterruptedException {
        Optional<Hold> hold = namespaces.hold(namespace);
        if (hold.isEmpty()) {
            return Outcome.done();
        }
        if (hold.get().refused()) {
            refuse(namespace, hold.get());
            return Outcome.done();
        }
        long begin = nanoTime.getAsLong();
        String result = FlowMonitor.FAILED;
        try {
            settle(namespace);
            namespaces.settled(namespace);
            result = FlowMonitor.DONE;
            return Outcome.done();
        } catch (ApiException e) {
            LOG.warn("the label of {} could not be written and is tried again: {}", namespace, e.getMessage());
            monitor.failed(e);
            namespaces.unsettledFailed(namespace, e.getMessage());
            Duration asked = e.retryAfter();
            return asked == null ? Outcome.failed() : Outcome.again(asked, Priority.RETRY);
        } finally {
            monitor.ended(Flow.HOLD, namespace, result, Duration.ofNanos(nanoTime.getAsLong() - begin));
        }
    }

    private void refuse(String namespace, Hold hold) {
        LOG.warn(
                "{} is protected: it is not locked, although {} asks for it",
                namespace,
                hold.wish().heldBy());
        events.warning(
                Events.Regarding.namespace(namespace, ""),
                "LockRefused",
                "This namespace is protected and is not locked, although BlockRequest "
                        + hold.wish().heldBy() + " asks for it.");
    }

    private void settle(String namespace) throws ApiException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Optional<Hold> before = namespaces.hold(namespace).filter(Hold::unsettled);
            if (before.isEmpty()) {
                return;
            }
            long known = before.get().resourceVersion();
            Optional<NamespaceView> view = cluster.namespace(namespace);
            view.ifPresentOrElse(
                    each -> namespaces.observed(each, known), () -> namespaces.forgotten(namespace, known));
            Optional<Hold> now = namespaces.hold(namespace).filter(Hold::unsettled);
            if (view.isEmpty() || now.isEmpty()) {
                return;
            }
            Optional<NamespacePatch> patch =
                    HoldDecision.of(view.get(), now.get().wish(), clock.instant(), settings.lockLength());
            if (patch.isEmpty()) {
                return;
            }
            try {
                Optional<NamespaceView> after = cluster.patchNamespace(namespace, patch.get());
                after.ifPresent(each -> namespaces.observed(each, view.get().resourceVersion()));
                return;
            } catch (ApiException e) {
                if (e.notFound()) {
                    namespaces.forgotten(namespace, view.get().resourceVersion());
                    return;
                }
                if (!e.conflict() || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
