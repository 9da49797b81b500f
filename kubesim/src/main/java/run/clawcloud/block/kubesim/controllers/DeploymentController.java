package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import tools.jackson.databind.node.ObjectNode;

/** Keeps one ReplicaSet for each template that a Deployment had, and the newest at the wanted size. */
final class DeploymentController implements Reconciler {

    private final Cluster cluster;

    DeploymentController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode deployment = cluster.find(Kinds.DEPLOYMENTS, key);
        if (deployment == null || Meta.deleting(deployment)) {
            return null;
        }
        List<ObjectNode> replicaSets =
                new ArrayList<>(cluster.claim(Kinds.REPLICA_SETS, Kinds.DEPLOYMENTS, deployment));
        int collisions = deployment.path("status").path("collisionCount").asInt(0);
        DeploymentPlan plan = DeploymentPlan.of(deployment, replicaSets, collisions);
        if (plan.newest() != null && plan.create()) {
            replicaSets.add(create(deployment, plan.newest(), collisions));
        }
        for (ObjectNode replicaSet : plan.update()) {
            ObjectNode written = cluster.update(Kinds.REPLICA_SETS, replicaSet);
            replicaSets.replaceAll(before -> Meta.uid(before).equals(Meta.uid(written)) ? written : before);
        }
        plan.delete().forEach(replicaSet -> cluster.delete(Kinds.REPLICA_SETS, replicaSet));
        ObjectNode newest = plan.newest() == null ? null : named(Meta.name(plan.newest()), replicaSets);
        ObjectNode status = DeploymentStatus.of(deployment, replicaSets, newest, plan.create(), cluster.now());
        writeStatus(deployment, status, newest);
        return null;
    }

    private static @Nullable ObjectNode named(String name, List<ObjectNode> objects) {
        return objects.stream()
                .filter(object -> Meta.name(object).equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Creates a ReplicaSet. Its name being taken by another template is noted, so that the next try takes another. */
    private ObjectNode create(ObjectNode deployment, ObjectNode replicaSet, int collisions) {
        try {
            return cluster.create(Kinds.REPLICA_SETS, replicaSet);
        } catch (ApiException e) {
            if (e.reason().equals("AlreadyExists")) {
                ObjectNode status =
                        deployment.path("status").deepCopy() instanceof ObjectNode before ? before : Json.object();
                cluster.writeStatus(Kinds.DEPLOYMENTS, deployment, status.put("collisionCount", collisions + 1));
            }
            throw e;
        }
    }

    /** One write for the status and the revision of the newest ReplicaSet, which a Deployment carries too. */
    private void writeStatus(ObjectNode deployment, ObjectNode status, @Nullable ObjectNode newest) {
        String revision = newest == null ? null : Meta.annotation(newest, DeploymentPlan.REVISION);
        if (revision == null || revision.equals(Meta.annotation(deployment, DeploymentPlan.REVISION))) {
            cluster.writeStatus(Kinds.DEPLOYMENTS, deployment, status);
            return;
        }
        ObjectKey key = new ObjectKey(Meta.namespace(deployment), Meta.name(deployment));
        cluster.modify(Kinds.DEPLOYMENTS, key, Subresource.STATUS, current -> {
            if (Meta.uid(current).equals(Meta.uid(deployment))) {
                Meta.annotate(current, DeploymentPlan.REVISION, revision);
                current.set("status", status);
            }
            return current;
        });
    }
}
