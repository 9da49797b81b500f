package run.clawcloud.block.kubesim.controllers;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The decisions of ReplicaSets and ReplicationControllers, which differ in their names only. */
final class ReplicaStatus {

    private static final String REPLICA_FAILURE = "ReplicaFailure";

    private ReplicaStatus() {}

    /** The pods to delete, most dispensable first, when more are there than are wanted. */
    static List<ObjectNode> surplus(int wanted, List<ObjectNode> active) {
        return active.stream()
                .sorted(Pods.DISPENSABLE_FIRST)
                .limit(Math.max(0, active.size() - wanted))
                .toList();
    }

    /**
     * The status that describes these pods, as {@code calculateStatus} of kube-controller-manager.
     *
     * @param active the pods that count
     * @param failure why a pod could not be created or deleted; null if all could
     */
    static ObjectNode of(JsonNode owner, List<ObjectNode> active, @Nullable String failure, Instant now) {
        ObjectNode status = owner.get("status") instanceof ObjectNode before ? before.deepCopy() : Json.object();
        Map<String, String> templateLabels = Meta.labels(owner.path("spec").path("template"));
        int minReadySeconds = owner.path("spec").path("minReadySeconds").asInt(0);
        int labeled = 0;
        int ready = 0;
        int available = 0;
        for (ObjectNode pod : active) {
            labeled += Meta.labels(pod).entrySet().containsAll(templateLabels.entrySet()) ? 1 : 0;
            ready += Pods.ready(pod) ? 1 : 0;
            available += Pods.available(pod, minReadySeconds, now) ? 1 : 0;
        }
        status.put("replicas", active.size());
        Meta.putUnlessZero(status, "fullyLabeledReplicas", labeled);
        Meta.putUnlessZero(status, "readyReplicas", ready);
        Meta.putUnlessZero(status, "availableReplicas", available);
        status.put("observedGeneration", Meta.generation(owner));
        if (failure == null) {
            Conditions.remove(status, REPLICA_FAILURE);
        } else if (Conditions.find(status, REPLICA_FAILURE) == null) {
            String reason = active.size() < Meta.replicas(owner) ? "FailedCreate" : "FailedDelete";
            Conditions.set(status, REPLICA_FAILURE, true, reason, failure, null, Times.text(now));
        }
        return status;
    }
}
