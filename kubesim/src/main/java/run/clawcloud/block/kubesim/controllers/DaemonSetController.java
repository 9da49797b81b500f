package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps one pod of a DaemonSet on every node that its {@code nodeSelector} allows. Taints and affinities don't count.
 */
final class DaemonSetController implements Reconciler {

    private final Cluster cluster;

    DaemonSetController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode set = cluster.find(Kinds.DAEMON_SETS, key);
        if (set == null || !Cluster.selectsItsPods(set)) {
            return null;
        }
        List<ObjectNode> pods = new ArrayList<>(cluster.claim(Kinds.PODS, Kinds.DAEMON_SETS, set));
        List<String> nodes = nodes(set);
        String revision = PodTemplates.hash(set.path("spec").path("template"));
        ApiException refusal = Meta.deleting(set) ? null : manage(set, nodes, pods, revision);
        cluster.writeStatus(Kinds.DAEMON_SETS, set, DaemonSetStatus.of(set, nodes, pods, revision, cluster.now()));
        if (refusal != null) {
            throw refusal;
        }
        return Pods.nextAvailable(pods, set.path("spec").path("minReadySeconds").asInt(0), cluster.now());
    }

    private List<String> nodes(JsonNode set) {
        Map<String, String> wanted =
                Meta.strings(set.path("spec").path("template").path("spec").path("nodeSelector"));
        return cluster.list(Kinds.NODES, null).stream()
                .filter(node -> wanted.entrySet().stream()
                        .allMatch(label -> label.getValue().equals(node.labels().get(label.getKey()))))
                .map(StoredObject::name)
                .toList();
    }

    private @Nullable ApiException manage(ObjectNode set, List<String> nodes, List<ObjectNode> pods, String revision) {
        boolean rolling = !set.path("spec")
                .path("updateStrategy")
                .path("type")
                .asString("")
                .equals("OnDelete");
        try {
            Map<String, ObjectNode> byNode = new HashMap<>();
            for (ObjectNode pod : List.copyOf(pods)) {
                String node = DaemonSetStatus.node(pod);
                boolean outdated = rolling && !StatefulSetStatus.upToDate(pod, revision);
                if (Meta.deleting(pod)) {
                    // Its successor comes when it is gone.
                    byNode.put(node, pod);
                } else if (!nodes.contains(node) || Pods.finished(pod) || outdated || byNode.containsKey(node)) {
                    cluster.delete(Kinds.PODS, pod);
                    pods.remove(pod);
                } else {
                    byNode.put(node, pod);
                }
            }
            for (String node : nodes) {
                if (!byNode.containsKey(node)) {
                    pods.add(create(set, node, revision));
                }
            }
            return null;
        } catch (ApiException e) {
            return e;
        }
    }

    private ObjectNode create(ObjectNode set, String node, String revision) {
        ObjectNode pod = PodTemplates.unnamedPod(set.path("spec").path("template"), Kinds.DAEMON_SETS, set);
        Json.child(Json.child(pod, "metadata"), "labels").put(PodTemplates.REVISION_LABEL, revision);
        Json.child(pod, "spec").put("nodeName", node);
        return cluster.create(Kinds.PODS, pod);
    }
}
