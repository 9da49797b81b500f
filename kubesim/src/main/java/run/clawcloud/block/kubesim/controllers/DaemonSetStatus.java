package run.clawcloud.block.kubesim.controllers;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The status of a DaemonSet. */
final class DaemonSetStatus {

    private DaemonSetStatus() {}

    /** The node that the pod is for, empty if that is open. */
    static String node(JsonNode pod) {
        return pod.path("spec").path("nodeName").asString("");
    }

    /**
     * The status that describes these pods.
     *
     * @param nodes those that are to have one
     */
    static ObjectNode of(JsonNode set, List<String> nodes, List<ObjectNode> pods, String revision, Instant now) {
        ObjectNode status = set.get("status") instanceof ObjectNode before ? before.deepCopy() : Json.object();
        int minReadySeconds = set.path("spec").path("minReadySeconds").asInt(0);
        Set<String> scheduled = new HashSet<>();
        Set<String> ready = new HashSet<>();
        Set<String> available = new HashSet<>();
        Set<String> updated = new HashSet<>();
        Set<String> misscheduled = new HashSet<>();
        for (ObjectNode pod : pods) {
            String node = node(pod);
            if (!nodes.contains(node)) {
                misscheduled.add(node);
                continue;
            }
            scheduled.add(node);
            if (Pods.ready(pod)) {
                ready.add(node);
            }
            if (Pods.available(pod, minReadySeconds, now)) {
                available.add(node);
            }
            if (StatefulSetStatus.upToDate(pod, revision)) {
                updated.add(node);
            }
        }
        status.put("observedGeneration", Meta.generation(set));
        status.put("desiredNumberScheduled", nodes.size());
        status.put("currentNumberScheduled", scheduled.size());
        status.put("numberMisscheduled", misscheduled.size());
        status.put("numberReady", ready.size());
        Meta.putUnlessZero(status, "numberAvailable", available.size());
        Meta.putUnlessZero(status, "numberUnavailable", nodes.size() - available.size());
        Meta.putUnlessZero(status, "updatedNumberScheduled", updated.size());
        return status;
    }
}
