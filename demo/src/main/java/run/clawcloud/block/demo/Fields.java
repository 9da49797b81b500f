package run.clawcloud.block.demo;

import java.util.Optional;
import run.clawcloud.block.harness.Meta;
import tools.jackson.databind.JsonNode;

/** What the demo reads from single objects of the API. */
final class Fields {
    private Fields() {}

    /** The owner that manages the object, by the API's convention the one reference with {@code controller: true}. */
    static Optional<JsonNode> controller(JsonNode object) {
        return object.path("metadata")
                .path("ownerReferences")
                .valueStream()
                .filter(owner -> owner.path("controller").asBoolean(false))
                .findFirst();
    }

    static boolean isControlledBy(JsonNode object, Kind kind) {
        return controller(object)
                .map(owner -> owner.path("kind").asString("").equals(kind.label()))
                .orElse(false);
    }

    /** Whether a Pod has ended for good. */
    static boolean isFinishedPod(JsonNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Whether a Pod is the API's picture of one that a node runs by itself: nobody can delete it. */
    static boolean isStaticPod(JsonNode pod) {
        return Meta.annotation(pod, "kubernetes.io/config.mirror") != null;
    }

    /** Whether a Job has ended for good. */
    static boolean isFinishedJob(JsonNode job) {
        return job.path("status")
                .path("conditions")
                .valueStream()
                .filter(condition -> condition.path("status").asString("").equals("True"))
                .map(condition -> condition.path("type").asString(""))
                .anyMatch(type -> type.equals("Complete") || type.equals("Failed"));
    }

    /** Replicas asked for; the API's default is 1. */
    static int replicas(JsonNode workload) {
        return workload.path("spec").path("replicas").asInt(1);
    }

    /** Whether a Job or CronJob is suspended; the API's default is false. */
    static boolean isSuspended(JsonNode job) {
        return job.path("spec").path("suspend").asBoolean(false);
    }
}
