package run.clawcloud.block.namespace;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.state.Applied;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.NamespaceState;
import run.clawcloud.block.state.Need;

/** Locks one namespace. */
final class LockFlow {

    private final Cluster cluster;
    private final FreshLook look;
    private final WorkloadWriter writer;
    private final FlowSettings settings;
    private final InstantSource clock;

    LockFlow(Cluster cluster, FreshLook look, WorkloadWriter writer, FlowSettings settings, InstantSource clock) {
        this.cluster = cluster;
        this.look = look;
        this.writer = writer;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A lock that is through.
     *
     * @param after the namespace as it is then; empty in a dry run
     */
    record Done(int scaled, int suspended, int podsDeleted, Optional<NamespaceView> after) {}

    private record Changes(int scaled, int suspended, int podsDeleted) {
        Done as(Optional<NamespaceView> after) {
            return new Done(scaled, suspended, podsDeleted, after);
        }
    }

    /**
     * Locks.
     *
     * @return what was changed; empty when the lock is not wanted any more
     * @throws FlowException when a step failed; the others are done all the same
     */
    Optional<Done> run(String namespace) throws ApiException, FlowException, InterruptedException {
        if (!begin(namespace)) {
            return Optional.empty();
        }
        List<ApiException> failures = new ArrayList<>();
        try {
            closeWithQuota(namespace);
        } catch (ApiException e) {
            // A namespace whose deletion has begun takes no quota: then there is nothing left to lock.
            if (!look.confirms(namespace, Need.LOCK)) {
                return Optional.empty();
            }
            failures.add(e);
        }
        Changes changes = takeDown(namespace, failures);
        return look.write(
                        namespace,
                        Need.LOCK,
                        state -> NamespacePatch.at(state).label(Names.APPLIED_LABEL, Names.APPLIED_LOCKED))
                .map(written -> changes.as(written.after()));
    }

    /** Before anything is touched, it is written down that it will be: whatever happens next, it can be found again. */
    private boolean begin(String namespace) throws ApiException, InterruptedException {
        Optional<NamespaceState> known = look.still(namespace, Need.LOCK);
        if (known.filter(this::begun).isPresent()) {
            // There is nothing to write, so a GET has to show that what is known is still true.
            look.at(namespace);
            known = look.still(namespace, Need.LOCK);
            if (known.filter(this::begun).isPresent()) {
                return true;
            }
        }
        if (known.isEmpty()) {
            return false;
        }
        Optional<FreshLook.Written> written = look.write(namespace, Need.LOCK, state -> {
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            NamespacePatch patch = NamespacePatch.at(state).label(Names.APPLIED_LABEL, Names.APPLIED_LOCKING);
            NamespacePatch dated =
                    state.applied() == Applied.NOTHING ? patch.annotation(Names.LOCKED_AT, now.toString()) : patch;
            return length(state)
                    .map(length -> dated.annotation(
                            Names.UNLOCK_TIMESTAMP, now.plus(length).toString()))
                    .orElse(dated);
        });
        return written.isPresent();
    }

    private boolean begun(NamespaceState state) {
        return state.applied() == Applied.LOCKING && length(state).isEmpty();
    }

    /** How long the lock lasts; empty when its end is settled, or never comes. */
    private Optional<Duration> length(NamespaceState state) {
        if (!(state.deadline() instanceof Deadline.None)) {
            return Optional.empty();
        }
        LockLength wanted = switch (state.lockLength()) {
            case LockLength.Default(), LockLength.Unreadable() -> settings.lockLength();
            case LockLength.Of of -> of;
            case LockLength.Permanent permanent -> permanent;
        };
        return wanted instanceof LockLength.Of(Duration length) ? Optional.of(length) : Optional.empty();
    }

    /** Before workloads are listed: of one that is made or scaled up after the list, no pod can start any more. */
    private void closeWithQuota(String namespace) throws ApiException, InterruptedException {
        try {
            cluster.createQuota(namespace, settings.quota());
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
            Optional<QuotaView> standing = cluster.quota(namespace);
            if (standing.isEmpty()) {
                cluster.createQuota(namespace, settings.quota());
            } else if (!settings.quota().holds(standing.get())) {
                repair(standing.get());
            }
        }
    }

    private void repair(QuotaView standing) throws ApiException, InterruptedException {
        try {
            cluster.repairQuota(standing, settings.quota());
        } catch (ApiException e) {
            if (!e.invalid()) {
                throw e;
            }
            // The scopes of a quota can't be changed: it has to be made anew.
            cluster.deleteQuota(standing.namespace());
            cluster.createQuota(standing.namespace(), settings.quota());
        }
    }

    /** @param failures of the steps before; those of this one are added */
    private Changes takeDown(String namespace, List<ApiException> failures) throws FlowException, InterruptedException {
        AtomicInteger scaled = new AtomicInteger();
        AtomicInteger suspended = new AtomicInteger();
        AtomicInteger deleted = new AtomicInteger();
        try (Steps steps = new Steps()) {
            for (WorkloadKind kind : WorkloadKind.values()) {
                AtomicInteger counter = kind.knob() == WorkloadKind.Knob.REPLICAS ? scaled : suspended;
                steps.fork(() -> cluster.listWorkloads(kind, namespace, workload -> {
                    if (!(Scaling.down(workload) instanceof Scaling.Leave)) {
                        steps.forkWrite(() -> count(counter, writer.apply(workload, Scaling::down)));
                    }
                }));
            }
            steps.join();
            deletePods(namespace, steps, deleted);
            steps.join();
            failures.addAll(steps.failures());
        }
        if (!failures.isEmpty()) {
            throw new FlowException(failures);
        }
        return new Changes(scaled.get(), suspended.get(), deleted.get());
    }

    /**
     * Pods come last. An API server that has just admitted a pod remembers for some milliseconds more that the
     * namespace has no quota: what slips in meanwhile is found here, and what is deleted here does not come back.
     */
    private void deletePods(String namespace, Steps steps, AtomicInteger deleted) {
        steps.fork(() -> cluster.listPods(namespace, pod -> {
            if (pod.goesAtLock()) {
                steps.forkWrite(() -> {
                    cluster.deletePod(pod);
                    deleted.incrementAndGet();
                });
            }
        }));
    }

    private static void count(AtomicInteger counter, boolean written) {
        if (written) {
            counter.incrementAndGet();
        }
    }
}
