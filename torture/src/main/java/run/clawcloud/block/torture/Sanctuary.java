package run.clawcloud.block.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import run.clawcloud.block.kubesim.store.Subscription;
import run.clawcloud.block.kubesim.store.WatchEvent;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks at every write in the protected namespace, and at every one of it: nothing that was specified there changes,
 * nothing of ours appears. What the cluster's own controllers note on their objects is theirs.
 */
final class Sanctuary implements AutoCloseable {

    private static final List<ResourceType> WATCHED = List.of(
            Kinds.NAMESPACES,
            Kinds.RESOURCE_QUOTAS,
            Kinds.DEPLOYMENTS,
            Kinds.REPLICA_SETS,
            Kinds.STATEFUL_SETS,
            Kinds.REPLICATION_CONTROLLERS,
            Kinds.CRON_JOBS);

    private final List<Subscription> subscriptions = new ArrayList<>();
    private final World world;
    private final Consumer<String> trespass;

    /**
     * From now on.
     *
     * @param trespass hears of what is changed
     */
    Sanctuary(World world, Consumer<String> trespass) {
        this.world = world;
        this.trespass = trespass;
        for (ResourceType type : WATCHED) {
            subscriptions.add(world.api().watch(type, event -> written(type, event)));
        }
    }

    private void written(ResourceType type, WatchEvent event) {
        StoredObject object = event.object();
        boolean itself = type.equals(Kinds.NAMESPACES) && object.name().equals(Start.PROTECTED);
        if (world.restoring() || (!itself && !object.namespace().equals(Start.PROTECTED))) {
            return;
        }
        String what = type.plural() + "/" + object.name();
        ObjectNode tree = object.tree();
        if (event.kind() == WatchEvent.Kind.DELETED || tree.path("metadata").has("deletionTimestamp")) {
            trespass.accept("protected: " + what + " is deleted");
        }
        StoredObject before = event.previous();
        if (before != null
                && !followsAnother(tree)
                && !before.tree().path("spec").equals(tree.path("spec"))) {
            trespass.accept("protected: " + what + " was " + before.tree().path("spec") + ", is " + tree.path("spec"));
        }
        if (type.equals(Kinds.RESOURCE_QUOTAS) || itself || ours(tree)) {
            trespass.accept("protected: " + what + " is written: " + tree.path("metadata"));
        }
    }

    /** A ReplicaSet of a Deployment. */
    private static boolean followsAnother(ObjectNode tree) {
        return tree.path("metadata").has("ownerReferences");
    }

    private static boolean ours(ObjectNode tree) {
        return !World.text(tree, "annotations", Names.ORIGINAL_REPLICAS).isEmpty()
                || !World.text(tree, "annotations", Names.ORIGINAL_SUSPEND).isEmpty();
    }

    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
    }
}
