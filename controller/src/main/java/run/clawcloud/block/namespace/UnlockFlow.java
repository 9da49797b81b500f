package run.clawcloud.block.namespace;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.state.Applied;
import run.clawcloud.block.state.NamespaceState;
import run.clawcloud.block.state.Need;

/** Opens one namespace again, exactly as it was. */
final class UnlockFlow {

    /** What carries a note of its own. */
    private static final List<WorkloadKind> FIRST = List.of(
            WorkloadKind.DEPLOYMENT,
            WorkloadKind.STATEFUL_SET,
            WorkloadKind.REPLICATION_CONTROLLER,
            WorkloadKind.CRON_JOB,
            WorkloadKind.JOB);

    private final Cluster cluster;
    private final FreshLook look;
    private final WorkloadWriter writer;

    UnlockFlow(Cluster cluster, FreshLook look, WorkloadWriter writer) {
        this.cluster = cluster;
        this.look = look;
        this.writer = writer;
    }

    /**
     * What an unlock has come to.
     *
     * @param restored workloads written
     * @param finished false when the Deployment controller has yet to see a Deployment that we scaled: until it has, it
     *     may still copy our note to a ReplicaSet
     */
    record Done(int restored, boolean finished) {}

    /**
     * Unlocks.
     *
     * @param patient whether to wait, by coming again, for a Deployment controller that lags behind
     * @return what was changed; empty when the unlock is not wanted any more
     * @throws FlowException when a step failed; the others are done all the same
     */
    Optional<Done> run(String namespace, boolean patient) throws ApiException, FlowException, InterruptedException {
        if (!begin(namespace)) {
            return Optional.empty();
        }
        cluster.deleteQuota(namespace);
        Done done = restore(namespace);
        if (patient && !done.finished()) {
            return Optional.of(done);
        }
        return look.write(
                        namespace,
                        Need.UNLOCK,
                        state -> NamespacePatch.at(state)
                                .label(Names.APPLIED_LABEL, null)
                                .annotation(Names.UNLOCK_TIMESTAMP, null)
                                .annotation(Names.LOCKED_AT, null))
                .map(_ -> new Done(done.restored(), true));
    }

    /**
     * Before anything is touched, the mark of a finished lock is taken back: a namespace that is locked again before
     * its unlock is through must not count as locked. That write, or else a GET, also shows that what is known is still
     * true.
     */
    private boolean begin(String namespace) throws ApiException, InterruptedException {
        Optional<NamespaceState> state = look.still(namespace, Need.UNLOCK);
        if (state.isPresent() && state.get().applied() != Applied.LOCKED) {
            look.at(namespace);
            state = look.still(namespace, Need.UNLOCK);
            if (state.isPresent() && state.get().applied() != Applied.LOCKED) {
                return true;
            }
        }
        return state.isPresent()
                && look.write(
                                namespace,
                                Need.UNLOCK,
                                known -> NamespacePatch.at(known).label(Names.APPLIED_LABEL, Names.APPLIED_LOCKING))
                        .isPresent();
    }

    /**
     * Deployments come before ReplicaSets: the copy of a note is taken away after the note itself, or it would be
     * copied anew.
     */
    private Done restore(String namespace) throws FlowException, InterruptedException {
        AtomicInteger restored = new AtomicInteger();
        AtomicBoolean unobserved = new AtomicBoolean();
        try (Steps steps = new Steps()) {
            for (WorkloadKind kind : FIRST) {
                steps.fork(() -> cluster.listWorkloads(kind, namespace, workload -> {
                    if (kind == WorkloadKind.DEPLOYMENT && workload.unobserved()) {
                        unobserved.set(true);
                    }
                    restore(workload, steps, restored);
                }));
            }
            steps.join();
            steps.fork(() -> cluster.listWorkloads(
                    WorkloadKind.REPLICA_SET, namespace, workload -> restore(workload, steps, restored)));
            steps.join();
            if (!steps.failures().isEmpty()) {
                throw new FlowException(steps.failures());
            }
        }
        return new Done(restored.get(), !unobserved.get());
    }

    private void restore(Workload workload, Steps steps, AtomicInteger restored) {
        if (!(Scaling.up(workload) instanceof Scaling.Leave)) {
            steps.forkWrite(() -> {
                if (writer.apply(workload, Scaling::up)) {
                    restored.incrementAndGet();
                }
            });
        }
    }
}
