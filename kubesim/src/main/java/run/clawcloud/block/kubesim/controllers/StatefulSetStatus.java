package run.clawcloud.block.kubesim.controllers;

import java.time.Instant;
import java.util.List;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The decisions of StatefulSets that need nothing but the objects. */
final class StatefulSetStatus {

    private StatefulSetStatus() {}

    /** The number at the end of a pod's name; -1 if there is none. */
    static int ordinal(JsonNode pod) {
        String name = Meta.name(pod);
        String digits = name.substring(name.lastIndexOf('-') + 1);
        return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : -1;
    }

    /** The name of the current template's revision. */
    static String revision(JsonNode set) {
        return Meta.name(set) + "-" + PodTemplates.hash(set.path("spec").path("template"));
    }

    /** Whether the pod is of that revision; a pod that carries none is taken for one. */
    static boolean upToDate(JsonNode pod, String revision) {
        return Meta.labels(pod)
                .getOrDefault(PodTemplates.REVISION_LABEL, revision)
                .equals(revision);
    }

    /** The status that describes these pods. */
    static ObjectNode of(JsonNode set, List<ObjectNode> pods, String revision, Instant now) {
        ObjectNode status = set.get("status") instanceof ObjectNode before ? before.deepCopy() : Json.object();
        int minReadySeconds = set.path("spec").path("minReadySeconds").asInt(0);
        int replicas = 0;
        int ready = 0;
        int available = 0;
        int updated = 0;
        for (ObjectNode pod : pods) {
            replicas++;
            ready += Pods.ready(pod) ? 1 : 0;
            available += Pods.available(pod, minReadySeconds, now) ? 1 : 0;
            updated += upToDate(pod, revision) && !Meta.deleting(pod) ? 1 : 0;
        }
        status.put("observedGeneration", Meta.generation(set));
        status.put("replicas", replicas);
        Meta.putUnlessZero(status, "readyReplicas", ready);
        status.put("availableReplicas", available);
        Meta.putUnlessZero(status, "updatedReplicas", updated);
        status.put("updateRevision", revision);
        if (!status.has("currentRevision") || (updated == replicas && ready == replicas)) {
            status.put("currentRevision", revision);
        }
        boolean rolling = !status.path("currentRevision").asString("").equals(revision);
        Meta.putUnlessZero(status, "currentReplicas", rolling ? replicas - updated : updated);
        if (!status.has("collisionCount")) {
            status.put("collisionCount", 0);
        }
        return status;
    }
}
