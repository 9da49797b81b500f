package run.clawcloud.block.namespace;

import java.time.InstantSource;
import java.util.Optional;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.Need;

/**
 * Ends a lock that has run out. Deleting a namespace is the most dangerous thing that is done here, so nothing of what
 * is known counts: the namespace is read afresh and checked again, and the deletion holds only for what was read.
 */
final class ExpireFlow {

    private final Cluster cluster;
    private final FreshLook look;
    private final FlowSettings settings;
    private final InstantSource clock;

    ExpireFlow(Cluster cluster, FreshLook look, FlowSettings settings, InstantSource clock) {
        this.cluster = cluster;
        this.look = look;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Deletes the namespace if its lock has run out.
     *
     * @return what was deleted; empty when it must not be
     * @throws ApiException a conflict when it was changed between the check and the deletion: the change wins
     */
    Optional<NamespaceView> delete(String namespace) throws ApiException, InterruptedException {
        Optional<NamespaceView> view = dueNow(namespace);
        if (view.isPresent()) {
            cluster.deleteNamespace(view.get());
        }
        return view;
    }

    /** What {@link #release} has come to. */
    enum Release {
        DONE,
        /** The lock has not run out any more. */
        NOT_DUE,
        /** A BlockRequest holds the namespace: it stays locked for as long as that exists. */
        HELD
    }

    /** Sets the namespace active, so that it is unlocked. */
    Release release(String namespace) throws ApiException, InterruptedException {
        Optional<NamespaceView> view = dueNow(namespace);
        if (view.isEmpty()) {
            return Release.NOT_DUE;
        }
        if (view.get().heldBy() != null) {
            return Release.HELD;
        }
        boolean written = look.write(
                        namespace,
                        Need.EXPIRE,
                        state -> NamespacePatch.at(state).label(Names.STATUS_LABEL, Names.ACTIVE))
                .isPresent();
        return written ? Release.DONE : Release.NOT_DUE;
    }

    /** The namespace, read afresh; empty when its lock has not run out, or a BlockRequest has just let it go. */
    private Optional<NamespaceView> dueNow(String namespace) throws ApiException, InterruptedException {
        Optional<NamespaceView> view = look.at(namespace).filter(this::due);
        if (view.isEmpty()) {
            look.notDue(namespace);
        }
        return view.filter(_ -> look.still(namespace, Need.EXPIRE).isPresent());
    }

    private boolean due(NamespaceView view) {
        return Names.LOCKED.equals(view.status())
                && !view.terminating()
                && !settings.protectedNamespaces().contains(view.name())
                && Deadline.parse(view.unlockTimestamp()) instanceof Deadline.At(var instant)
                && !clock.instant().isBefore(instant.plus(settings.gracePeriod()));
    }
}
