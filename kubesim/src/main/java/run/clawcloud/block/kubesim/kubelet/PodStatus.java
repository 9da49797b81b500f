package run.clawcloud.block.kubesim.kubelet;

import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a kubelet reports of a pod. */
public final class PodStatus {

    /** Who reports. */
    public static final Caller KUBELET = new Caller("kubelet");

    /** The one node. */
    public static final String NODE = "node-1";

    private PodStatus() {}

    /**
     * Puts the pod on the node, or leaves it on the one that it is on.
     *
     * @param phase {@code Running} or {@code Succeeded}
     * @param since RFC 3339
     */
    public static ObjectNode on(ObjectNode pod, String phase, String since) {
        boolean running = phase.equals("Running");
        ObjectNode spec = Json.child(pod, "spec");
        if (spec.path("nodeName").asString("").isEmpty()) {
            spec.put("nodeName", NODE);
        }
        ObjectNode status = pod.putObject("status").put("phase", phase);
        ArrayNode conditions = status.putArray("conditions");
        for (String type :
                new String[] {"PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"}) {
            boolean holds = running || type.equals("Initialized") || type.equals("PodScheduled");
            conditions
                    .addObject()
                    .put("type", type)
                    .put("status", holds ? "True" : "False")
                    .putNull("lastProbeTime")
                    .put("lastTransitionTime", since);
        }
        status.put("hostIP", "10.0.0.1").put("podIP", "10.244.0.10").put("startTime", since);
        ArrayNode containers = status.putArray("containerStatuses");
        for (JsonNode container : pod.path("spec").path("containers")) {
            containers.add(container(container, running, since));
        }
        status.put("qosClass", "Burstable");
        return pod;
    }

    private static ObjectNode container(JsonNode container, boolean running, String since) {
        ObjectNode status = Json.object().put("name", container.path("name").asString(""));
        if (running) {
            status.putObject("state").putObject("running").put("startedAt", since);
        } else {
            status.putObject("state")
                    .putObject("terminated")
                    .put("exitCode", 0)
                    .put("reason", "Completed")
                    .put("startedAt", since)
                    .put("finishedAt", since);
        }
        status.putObject("lastState");
        return status.put("ready", running)
                .put("restartCount", 0)
                .put("image", container.path("image").asString(""))
                .put("imageID", "")
                .put("started", running);
    }
}
