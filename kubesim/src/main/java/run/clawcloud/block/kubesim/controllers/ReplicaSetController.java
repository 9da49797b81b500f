package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.ObjectNode;

/** Keeps as many pods as a ReplicaSet or a ReplicationController asks for. */
final class ReplicaSetController implements Reconciler {

    private final Cluster cluster;
    private final ResourceType type;

    /** @param type ReplicaSets or ReplicationControllers */
    ReplicaSetController(Cluster cluster, ResourceType type) {
        this.cluster = cluster;
        this.type = type;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode owner = cluster.find(type, key);
        if (owner == null || !Cluster.selectsItsPods(owner)) {
            return null;
        }
        List<ObjectNode> active = new ArrayList<>(cluster.claim(Kinds.PODS, type, owner).stream()
                .filter(Pods::active)
                .toList());
        ApiException refusal = null;
        if (!Meta.deleting(owner)) {
            for (ObjectNode pod : ReplicaStatus.surplus(Meta.replicas(owner), active)) {
                cluster.delete(Kinds.PODS, pod);
                active.remove(pod);
            }
            refusal = createMissing(owner, active);
        }
        String failure = refusal == null ? null : refusal.getMessage();
        cluster.writeStatus(type, owner, ReplicaStatus.of(owner, active, failure, cluster.now()));
        if (refusal != null) {
            throw refusal;
        }
        return Pods.nextAvailable(
                active, owner.path("spec").path("minReadySeconds").asInt(0), cluster.now());
    }

    /** Creates pods until there are enough or one is refused. Returns the refusal. */
    private @Nullable ApiException createMissing(ObjectNode owner, List<ObjectNode> active) {
        try {
            while (active.size() < Meta.replicas(owner)) {
                ObjectNode template = (ObjectNode) owner.path("spec").path("template");
                active.add(cluster.create(Kinds.PODS, PodTemplates.unnamedPod(template, type, owner)));
            }
            return null;
        } catch (ApiException e) {
            return e;
        }
    }
}
