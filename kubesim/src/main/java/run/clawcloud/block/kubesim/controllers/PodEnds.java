package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.kubelet.PodStatus;
import run.clawcloud.block.kubesim.store.ObjectKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Lets pods end well that carry the annotation {@value #RUN_SECONDS}, so many seconds after they began to run. */
final class PodEnds implements Reconciler {

    static final String RUN_SECONDS = "kubesim.clawcloud.run/run-seconds";

    private final Cluster cluster;

    PodEnds(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode pod = cluster.find(Kinds.PODS, key);
        Instant end = pod == null ? null : end(pod);
        if (pod == null || end == null || !Pods.phase(pod).equals("Running") || Meta.deleting(pod)) {
            return null;
        }
        if (end.isAfter(cluster.now())) {
            return Times.until(end, cluster.now());
        }
        String started = pod.path("status").path("startTime").asString("");
        cluster.modify(
                Kinds.PODS,
                key,
                Subresource.STATUS,
                PodStatus.KUBELET,
                current -> Meta.uid(current).equals(Meta.uid(pod)) ? succeeded(current, started) : current);
        return null;
    }

    private static @Nullable Instant end(JsonNode pod) {
        String seconds = Meta.annotation(pod, RUN_SECONDS);
        Instant started = Times.parse(pod.path("status").path("startTime"));
        return seconds == null || started == null || !seconds.matches("\\d{1,9}")
                ? null
                : started.plusSeconds(Long.parseLong(seconds));
    }

    private ObjectNode succeeded(ObjectNode pod, String started) {
        ObjectNode ended = PodStatus.on(pod, "Succeeded", started);
        String now = Times.text(cluster.now());
        for (JsonNode condition : ended.path("status").path("conditions")) {
            if (condition instanceof ObjectNode changed
                    && List.of("Ready", "ContainersReady")
                            .contains(changed.path("type").asString(""))) {
                changed.put("lastTransitionTime", now).put("reason", "PodCompleted");
            }
        }
        return ended;
    }
}
