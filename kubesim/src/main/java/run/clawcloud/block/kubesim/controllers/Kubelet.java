package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The kubelets of all nodes, and the scheduler for pods that came without a node: a pod that is looked at runs and is
 * ready, one that is to be deleted has stopped. When to look is for {@link Controllers} to say.
 */
final class Kubelet implements Reconciler {

    /** A pod with this annotation ends well after so many seconds. */
    static final String RUN_SECONDS = "kubesim.clawcloud.run/run-seconds";

    private static final Caller KUBELET = new Caller("kubelet");
    private static final Caller SCHEDULER = new Caller("kube-scheduler");

    private final Cluster cluster;
    private final Set<ObjectKey> unscheduled = ConcurrentHashMap.newKeySet();

    Kubelet(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The pods that wait for a node; forgotten by this call. */
    List<ObjectKey> takeUnscheduled() {
        List<ObjectKey> waiting = List.copyOf(unscheduled);
        waiting.forEach(unscheduled::remove);
        return waiting;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode pod = cluster.find(Kinds.PODS, key);
        if (pod == null) {
            return null;
        }
        if (Meta.deleting(pod)) {
            if (pod.path("metadata").path("deletionGracePeriodSeconds").asInt(0) > 0) {
                cluster.delete(Kinds.PODS, key, Meta.uid(pod), 0L);
            }
            return null;
        }
        if (!pod.path("spec").hasNonNull("nodeName") && !schedule(key)) {
            return null;
        }
        return switch (Pods.phase(pod)) {
            case "Pending" -> {
                run(key);
                yield timeLeft(pod, cluster.now());
            }
            case "Running" -> {
                Duration left = timeLeft(pod, Times.parse(pod.path("status").path("startTime")));
                if (left != null && left.isZero()) {
                    succeed(key);
                    yield null;
                }
                yield left;
            }
            default -> null;
        };
    }

    private boolean schedule(ObjectKey key) {
        List<StoredObject> nodes = cluster.list(Kinds.NODES, null);
        if (nodes.isEmpty()) {
            unscheduled.add(key);
            return false;
        }
        String node = nodes.get(Math.floorMod(key.hashCode(), nodes.size())).name();
        cluster.modify(Kinds.PODS, key, Subresource.NONE, SCHEDULER, pod -> {
            Json.child(pod, "spec").put("nodeName", node);
            return pod;
        });
        return true;
    }

    private @Nullable Duration timeLeft(JsonNode pod, @Nullable Instant started) {
        String seconds = Meta.annotation(pod, RUN_SECONDS);
        if (seconds == null || started == null || !seconds.matches("\\d{1,9}")) {
            return null;
        }
        return Times.until(started.plusSeconds(Long.parseLong(seconds)), cluster.now());
    }

    private void run(ObjectKey key) {
        String now = Times.text(cluster.now());
        cluster.modify(Kinds.PODS, key, Subresource.STATUS, KUBELET, pod -> {
            if (Pods.phase(pod).equals("Pending") && !Meta.deleting(pod)) {
                pod.set("status", running(pod, now));
            }
            return pod;
        });
    }

    private static ObjectNode running(JsonNode pod, String now) {
        ObjectNode status = Json.object().put("phase", "Running");
        for (String type : new String[] {"PodScheduled", "Initialized", "ContainersReady", "Ready"}) {
            status.withArray("conditions")
                    .addObject()
                    .put("type", type)
                    .put("status", "True")
                    .putNull("lastProbeTime")
                    .put("lastTransitionTime", now);
        }
        int hash = Meta.uid(pod).hashCode();
        String ip = "10." + (hash >>> 16 & 0xff) + "." + (hash >>> 8 & 0xff) + "." + (hash & 0xff);
        status.put("hostIP", "192.0.2.1").put("podIP", ip);
        status.putArray("podIPs").addObject().put("ip", ip);
        status.put("startTime", now);
        for (JsonNode container : pod.path("spec").path("containers")) {
            ObjectNode entry = status.withArray("containerStatuses").addObject();
            entry.put("name", container.path("name").asString(""))
                    .put("image", container.path("image").asString(""))
                    .put("imageID", "")
                    .put("containerID", "kubesim://" + Meta.uid(pod))
                    .put("ready", true)
                    .put("started", true)
                    .put("restartCount", 0);
            entry.putObject("state").putObject("running").put("startedAt", now);
        }
        JsonNode qosClass = pod.path("status").path("qosClass");
        if (qosClass.isString()) {
            status.set("qosClass", qosClass);
        }
        return status;
    }

    private void succeed(ObjectKey key) {
        String now = Times.text(cluster.now());
        cluster.modify(Kinds.PODS, key, Subresource.STATUS, KUBELET, pod -> {
            ObjectNode status = Json.child(pod, "status").put("phase", "Succeeded");
            Conditions.set(status, "Ready", false, "PodCompleted", "", "lastProbeTime", now);
            Conditions.set(status, "ContainersReady", false, "PodCompleted", "", "lastProbeTime", now);
            for (JsonNode container : status.path("containerStatuses")) {
                ObjectNode entry = (ObjectNode) container;
                entry.put("ready", false).put("started", false);
                entry.putObject("state")
                        .putObject("terminated")
                        .put("exitCode", 0)
                        .put("reason", "Completed")
                        .put("finishedAt", now);
            }
            return pod;
        });
    }
}
