package run.clawcloud.block.namespace;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.Events.Regarding;
import run.clawcloud.block.namespace.FlowMonitor.Flow;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.Worker;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.NamespaceState;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Need;
import run.clawcloud.block.time.RateLimit;

/** Does what the state of a namespace calls for. The queue sees to it that no namespace is worked on twice at once. */
public final class NamespaceReconciler implements Worker<String> {

    private static final Logger LOG = LoggerFactory.getLogger(NamespaceReconciler.class);

    /** How often, and how many times, an unlock waits for a Deployment controller that lags behind. */
    private static final Duration LAG_PAUSE = Duration.ofSeconds(1);

    private static final int LAG_PATIENCE = 10;

    /** A namespace that changes all the time must not use up the deletions that others are allowed. */
    private static final Duration AFTER_A_CHANGE = Duration.ofSeconds(1);

    private final Namespaces namespaces;
    private final Events events;
    private final FlowSettings settings;
    private final FlowMonitor monitor;
    private final LongSupplier nanoTime;
    private final Cluster cluster;

    private final FreshLook look;
    private final LockFlow lock;
    private final UnlockFlow unlock;
    private final ExpireFlow expire;
    /** A wrong clock must not empty a cluster. */
    private final RateLimit deletions;

    private final Map<String, Integer> lagging = new ConcurrentHashMap<>();

    public NamespaceReconciler(
            Cluster cluster,
            Namespaces namespaces,
            Events events,
            FlowSettings settings,
            int maxDeletionsPerMinute,
            FlowMonitor monitor,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.namespaces = namespaces;
        this.events = events;
        this.settings = settings;
        this.monitor = monitor;
        this.nanoTime = nanoTime;
        this.cluster = cluster;
        this.look = new FreshLook(cluster, namespaces);
        WorkloadWriter writer = new WorkloadWriter(cluster, events);
        this.lock = new LockFlow(cluster, look, writer, settings, clock);
        this.unlock = new UnlockFlow(cluster, look, writer);
        this.expire = new ExpireFlow(cluster, look, settings, clock);
        this.deletions = new RateLimit(maxDeletionsPerMinute, Duration.ofMinutes(1), nanoTime);
    }

    @Override
    public Outcome process(String namespace) throws InterruptedException {
        Optional<NamespaceState> state = namespaces.get(namespace);
        if (state.map(NamespaceState::need).orElse(Need.NOTHING) != Need.UNLOCK) {
            lagging.remove(namespace);
        }
        if (state.isEmpty()
                || (Names.ALWAYS_PROTECTED.contains(namespace) && state.get().need() == Need.UNLOCK)) {
            return new Outcome.Done();
        }
        return switch (state.get().need()) {
            case NOTHING -> {
                // The last answer of a flow that is through may have been lost, so that it seemed to have failed.
                namespaces.nothingToDo(namespace);
                yield new Outcome.Done();
            }
            case WARN -> warnOfUnknownStatus(namespace);
            case LOCK ->
                settings.protectedNamespaces().contains(namespace)
                        ? refuse(namespace)
                        : run(Flow.LOCK, namespace, () -> lock(state.get()));
            case UNLOCK -> run(Flow.UNLOCK, namespace, () -> unlock(namespace));
            case EXPIRE ->
                settings.protectedNamespaces().contains(namespace)
                        ? new Outcome.Done()
                        : run(Flow.EXPIRE, namespace, () -> expire(namespace));
            case LOOK ->
                run(Flow.LOOK, namespace, () -> {
                    look.at(namespace);
                    return Ending.DONE;
                });
        };
    }

    /** How a flow ended. */
    private record Ending(String result, Outcome outcome) {
        private static final Ending DONE = new Ending(FlowMonitor.DONE, new Outcome.Done());
        private static final Ending VOID = new Ending(FlowMonitor.VOID, new Outcome.Done());

        private static Ending again(Duration after) {
            return new Ending(FlowMonitor.AGAIN, new Outcome.Again(after, Priority.RETRY));
        }
    }

    @FunctionalInterface
    private interface FlowCall {
        Ending run() throws ApiException, FlowException, InterruptedException;
    }

    private Outcome run(Flow flow, String namespace, FlowCall call) throws InterruptedException {
        long begin = nanoTime.getAsLong();
        String result = FlowMonitor.FAILED;
        try {
            Ending ending = ending(flow, namespace, call);
            result = ending.result();
            return ending.outcome();
        } finally {
            monitor.ended(flow, namespace, result, Duration.ofNanos(nanoTime.getAsLong() - begin));
        }
    }

    private Ending ending(Flow flow, String namespace, FlowCall call) throws InterruptedException {
        try {
            Ending ending = call.run();
            namespaces.worked(namespace);
            return ending;
        } catch (ApiException e) {
            return failed(flow, namespace, e, e, e.retryAfter());
        } catch (FlowException e) {
            return failed(flow, namespace, e, e.first(), e.retryAfter());
        }
    }

    private Ending failed(
            Flow flow, String namespace, Exception failure, ApiException cause, @Nullable Duration retryAfter) {
        if (namespaces.get(namespace).map(NamespaceState::need).orElse(Need.NOTHING) == Need.NOTHING) {
            // Its deletion has begun meanwhile, or only the last answer was lost: there is nothing left to do.
            namespaces.nothingToDo(namespace);
            return Ending.VOID;
        }
        monitor.failed(cause);
        namespaces.failed(namespace, failure.getMessage());
        LOG.warn(
                "{} of {} failed and is tried again: {}",
                flow.name().toLowerCase(Locale.ROOT),
                namespace,
                failure.getMessage());
        return new Ending(
                FlowMonitor.FAILED,
                retryAfter == null ? new Outcome.Failed() : new Outcome.Again(retryAfter, Priority.RETRY));
    }

    private Ending lock(NamespaceState before) throws ApiException, FlowException, InterruptedException {
        String namespace = before.name();
        if (before.lockLength() instanceof LockLength.Unreadable) {
            events.warning(
                    Regarding.namespace(namespace, ""),
                    "LockDurationUnreadable",
                    "The annotation " + Names.LOCK_DURATION + " must be " + LockLength.SYNTAX
                            + "; the default length is used.");
        }
        Optional<LockFlow.Done> done = lock.run(namespace);
        if (done.isEmpty()) {
            return Ending.VOID;
        }
        String what = "%d workloads scaled to 0, %d suspended, %d pods deleted"
                .formatted(
                        done.get().scaled(), done.get().suspended(), done.get().podsDeleted());
        String until =
                namespaces.get(namespace).map(state -> until(state.deadline())).orElse("until it is unlocked");
        String reason = done.get()
                .after()
                .flatMap(view -> Optional.ofNullable(view.lockReason()))
                .map(each -> " Reason: " + each)
                .orElse("");
        LOG.info("{}locked {} {}: {}", wouldHave(), namespace, until, what);
        events.normal(Regarding.namespace(namespace, ""), "Locked", "Locked " + until + ": " + what + "." + reason);
        return Ending.DONE;
    }

    private static String until(Deadline deadline) {
        return deadline instanceof Deadline.At(var instant) ? "until " + instant : "until it is unlocked";
    }

    private Ending unlock(String namespace) throws ApiException, FlowException, InterruptedException {
        boolean patient = lagging.getOrDefault(namespace, 0) < LAG_PATIENCE;
        Optional<UnlockFlow.Done> done = unlock.run(namespace, patient);
        if (done.isPresent() && !done.get().finished()) {
            lagging.merge(namespace, 1, Integer::sum);
            return Ending.again(LAG_PAUSE);
        }
        lagging.remove(namespace);
        if (done.isEmpty()) {
            return Ending.VOID;
        }
        LOG.info(
                "{}unlocked {}: {} workloads restored",
                wouldHave(),
                namespace,
                done.get().restored());
        events.normal(
                Regarding.namespace(namespace, ""),
                "Unlocked",
                "Unlocked: " + done.get().restored() + " workloads restored.");
        return Ending.DONE;
    }

    private Ending expire(String namespace) throws ApiException, InterruptedException {
        return switch (settings.expirationAction()) {
            case NONE -> Ending.VOID;
            case UNLOCK -> release(namespace);
            case DELETE -> delete(namespace);
        };
    }

    private Ending release(String namespace) throws ApiException, InterruptedException {
        return switch (expire.release(namespace)) {
            case NOT_DUE -> Ending.VOID;
            case HELD -> {
                namespaces.heldPastEnd(namespace);
                LOG.warn("the lock of {} has run out, but a BlockRequest holds it", namespace);
                events.warning(
                        Regarding.namespace(namespace, ""),
                        "LockIsHeld",
                        "The lock has run out, and the namespace stays locked all the same: the BlockRequests that the"
                                + " annotation " + Names.HELD_BY + " names hold it.");
                yield Ending.VOID;
            }
            case DONE -> {
                LOG.info("{}the lock of {} has run out: set active", wouldHave(), namespace);
                yield Ending.DONE;
            }
        };
    }

    private Ending delete(String namespace) throws ApiException, InterruptedException {
        Duration wait = deletions.take();
        if (wait.isPositive()) {
            return Ending.again(wait);
        }
        Optional<NamespaceView> deleted;
        try {
            deleted = expire.delete(namespace);
        } catch (ApiException e) {
            if (!e.conflict()) {
                throw e;
            }
            // It was changed between the check and the deletion. The change wins: look again.
            look.at(namespace);
            return Ending.again(AFTER_A_CHANGE);
        }
        if (deleted.isEmpty()) {
            return Ending.VOID;
        }
        LOG.info(
                "{}deleted {}: its lock ran out at {}",
                wouldHave(),
                namespace,
                deleted.get().unlockTimestamp());
        if (!cluster.dryRun()) {
            monitor.namespaceDeleted();
        }
        return Ending.DONE;
    }

    /** What the log says before it claims anything; empty unless nothing is really written. */
    private String wouldHave() {
        return cluster.dryRun() ? "dry run, would have " : "";
    }

    private Outcome refuse(String namespace) {
        LOG.warn("{} is protected: it is not locked", namespace);
        events.warning(
                Regarding.namespace(namespace, ""),
                "LockRefused",
                "This namespace is protected and is not locked. Remove the label " + Names.STATUS_LABEL + ".");
        return new Outcome.Done();
    }

    private Outcome warnOfUnknownStatus(String namespace) {
        LOG.warn("{}: the label {} must be {} or {}", namespace, Names.STATUS_LABEL, Names.LOCKED, Names.ACTIVE);
        events.warning(
                Regarding.namespace(namespace, ""),
                "UnknownStatus",
                "The label " + Names.STATUS_LABEL + " must be '" + Names.LOCKED + "' or '" + Names.ACTIVE
                        + "'. Nothing is changed.");
        return new Outcome.Done();
    }
}
