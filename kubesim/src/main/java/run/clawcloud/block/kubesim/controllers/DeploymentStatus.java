package run.clawcloud.block.kubesim.controllers;

import java.time.Instant;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The status of a Deployment: {@code syncRolloutStatus} of kube-controller-manager, without a progress deadline. */
final class DeploymentStatus {

    private static final String COMPLETE = "NewReplicaSetAvailable";
    private static final String UPDATE_TIME = "lastUpdateTime";

    private DeploymentStatus() {}

    /**
     * The status that describes these ReplicaSets.
     *
     * @param replicaSets all that it controls, as they stand
     * @param newest the one of the current template, as it stands; null if there is none
     * @param created whether {@code newest} was created just now
     */
    static ObjectNode of(
            JsonNode deployment,
            List<ObjectNode> replicaSets,
            @Nullable ObjectNode newest,
            boolean created,
            Instant now) {
        ObjectNode status = deployment.get("status") instanceof ObjectNode before ? before.deepCopy() : Json.object();
        String time = Times.text(now);
        int replicas = Meta.replicas(deployment);
        int actual = sum(replicaSets, rs -> count(rs, "replicas"));
        int updated = newest == null ? 0 : count(newest, "replicas");
        int available = sum(replicaSets, rs -> count(rs, "availableReplicas"));
        status.put("observedGeneration", Meta.generation(deployment));
        Meta.putUnlessZero(status, "replicas", actual);
        Meta.putUnlessZero(status, "updatedReplicas", updated);
        Meta.putUnlessZero(status, "readyReplicas", sum(replicaSets, rs -> count(rs, "readyReplicas")));
        Meta.putUnlessZero(status, "availableReplicas", available);
        Meta.putUnlessZero(status, "unavailableReplicas", Math.max(0, sum(replicaSets, Meta::replicas) - available));

        if (available >= replicas - Surge.of(deployment).unavailable()) {
            Conditions.set(
                    status,
                    "Available",
                    true,
                    "MinimumReplicasAvailable",
                    "Deployment has minimum availability.",
                    UPDATE_TIME,
                    time);
        } else {
            Conditions.set(
                    status,
                    "Available",
                    false,
                    "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability.",
                    UPDATE_TIME,
                    time);
        }
        if (newest != null) {
            boolean complete = updated == replicas && actual == replicas && available == replicas;
            progress(status, Meta.name(newest), created, complete, actual == updated, time);
        }
        copyFailure(status, replicaSets, newest, time);
        return status;
    }

    private static int count(JsonNode replicaSet, String field) {
        return replicaSet.path("status").path(field).asInt(0);
    }

    private static int sum(List<ObjectNode> replicaSets, ToIntFunction<ObjectNode> count) {
        return replicaSets.stream().mapToInt(count).sum();
    }

    /** A rollout that has been complete stays so until there is a new template: scaling is no rollout. */
    private static void progress(
            ObjectNode status, String newest, boolean created, boolean complete, boolean onlyNewest, String now) {
        JsonNode before = Conditions.find(status, "Progressing");
        String reason = before == null ? "" : before.path("reason").asString("");
        if (!created && reason.equals(COMPLETE) && onlyNewest) {
            return;
        }
        if (complete) {
            String message = "ReplicaSet \"" + newest + "\" has successfully progressed.";
            Conditions.set(status, "Progressing", true, COMPLETE, message, UPDATE_TIME, now);
        } else {
            String message = "ReplicaSet \"" + newest + "\" is progressing.";
            Conditions.set(status, "Progressing", true, "ReplicaSetUpdated", message, UPDATE_TIME, now);
        }
    }

    private static void copyFailure(
            ObjectNode status, List<ObjectNode> replicaSets, @Nullable ObjectNode newest, String now) {
        JsonNode failure = newest == null ? null : Conditions.find(newest.path("status"), "ReplicaFailure");
        for (int i = 0; failure == null && i < replicaSets.size(); i++) {
            failure = Conditions.find(replicaSets.get(i).path("status"), "ReplicaFailure");
        }
        if (failure == null) {
            Conditions.remove(status, "ReplicaFailure");
        } else {
            Conditions.set(
                    status,
                    "ReplicaFailure",
                    true,
                    failure.path("reason").asString(""),
                    failure.path("message").asString(""),
                    UPDATE_TIME,
                    now);
        }
    }
}
