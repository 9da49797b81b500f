package run.clawcloud.block.kubesim.controllers;

import java.util.List;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates pods that have a node already: the scheduler's part, which takes no time here and fits everything anywhere.
 * Without a node they stay pending, as on a real cluster.
 */
final class PodFactory {

    private final Cluster cluster;

    PodFactory(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Creates the pod and returns it as it stands then. */
    ObjectNode create(ObjectNode pod) {
        ObjectNode spec = Json.child(pod, "spec");
        if (!spec.hasNonNull("nodeName")) {
            List<StoredObject> nodes = cluster.list(Kinds.NODES, null);
            if (!nodes.isEmpty()) {
                spec.put(
                        "nodeName",
                        nodes.get(Math.floorMod(pod.hashCode(), nodes.size())).name());
            }
        }
        return cluster.create(Kinds.PODS, pod);
    }
}
