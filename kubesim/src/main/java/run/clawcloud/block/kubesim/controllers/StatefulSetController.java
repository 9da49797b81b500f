package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the pods {@code name-0}, {@code name-1} … of StatefulSets: from the lowest up, from the highest down, one after
 * the other unless {@code podManagementPolicy} is {@code Parallel}.
 */
final class StatefulSetController implements Reconciler {

    private final Cluster cluster;

    StatefulSetController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode set = cluster.find(Kinds.STATEFUL_SETS, key);
        if (set == null || !Cluster.selectsItsPods(set)) {
            return null;
        }
        NavigableMap<Integer, ObjectNode> pods = new TreeMap<>();
        cluster.claim(Kinds.PODS, Kinds.STATEFUL_SETS, set)
                .forEach(pod -> pods.put(StatefulSetStatus.ordinal(pod), pod));
        String revision = StatefulSetStatus.revision(set);
        ApiException refusal = Meta.deleting(set) ? null : manage(set, pods, revision);
        List<ObjectNode> found = List.copyOf(pods.values());
        cluster.writeStatus(Kinds.STATEFUL_SETS, set, StatefulSetStatus.of(set, found, revision, cluster.now()));
        if (refusal != null) {
            throw refusal;
        }
        return Pods.nextAvailable(
                found, set.path("spec").path("minReadySeconds").asInt(0), cluster.now());
    }

    /** One step, or as many as may be taken at once. Returns the refusal that ended it. */
    private @Nullable ApiException manage(ObjectNode set, NavigableMap<Integer, ObjectNode> pods, String revision) {
        boolean ordered =
                !set.path("spec").path("podManagementPolicy").asString("").equals("Parallel");
        int first = set.path("spec").path("ordinals").path("start").asInt(0);
        int end = first + Meta.replicas(set);
        try {
            for (int ordinal = first; ordinal < end; ordinal++) {
                ObjectNode pod = pods.get(ordinal);
                if (pod != null && Pods.finished(pod)) {
                    delete(ordinal, pods);
                    pod = pods.get(ordinal);
                }
                if (pod == null) {
                    pod = create(set, ordinal, revision);
                    pods.put(ordinal, pod);
                }
                if (ordered && (!Pods.ready(pod) || Meta.deleting(pod))) {
                    return null;
                }
            }
            for (int ordinal : List.copyOf(pods.descendingKeySet())) {
                boolean stopped = (ordinal >= first && ordinal < end) || delete(ordinal, pods);
                if (ordered && !stopped) {
                    return null;
                }
            }
            replaceOutdated(set, pods, revision);
            return null;
        } catch (ApiException e) {
            return e;
        }
    }

    /** Deletes the highest pod of an older template, if all others are ready; it is created anew when it is gone. */
    private void replaceOutdated(ObjectNode set, NavigableMap<Integer, ObjectNode> pods, String revision) {
        JsonNode strategy = set.path("spec").path("updateStrategy");
        int partition = strategy.path("rollingUpdate").path("partition").asInt(0);
        boolean settled = pods.values().stream().allMatch(pod -> Pods.ready(pod) && !Meta.deleting(pod));
        if (strategy.path("type").asString("").equals("OnDelete") || !settled) {
            return;
        }
        for (int ordinal : List.copyOf(pods.descendingKeySet())) {
            ObjectNode pod = pods.get(ordinal);
            if (ordinal >= partition && pod != null && !StatefulSetStatus.upToDate(pod, revision)) {
                delete(ordinal, pods);
                return;
            }
        }
    }

    /** Returns whether the pod is gone. */
    private boolean delete(int ordinal, NavigableMap<Integer, ObjectNode> pods) {
        ObjectNode pod = pods.get(ordinal);
        if (pod != null) {
            if (!Meta.deleting(pod)) {
                cluster.delete(Kinds.PODS, pod);
            }
            ObjectNode left = cluster.find(Kinds.PODS, new ObjectKey(Meta.namespace(pod), Meta.name(pod)));
            if (left != null) {
                pods.put(ordinal, left);
                return false;
            }
            pods.remove(ordinal);
        }
        return true;
    }

    private ObjectNode create(ObjectNode set, int ordinal, String revision) {
        String name = Meta.name(set) + "-" + ordinal;
        ObjectNode pod = PodTemplates.pod(set.path("spec").path("template"), Kinds.STATEFUL_SETS, set);
        ObjectNode metadata = Json.child(pod, "metadata");
        metadata.put("name", name).put("generateName", Meta.name(set) + "-");
        Json.child(metadata, "labels")
                .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal))
                .put("statefulset.kubernetes.io/pod-name", name)
                .put(PodTemplates.REVISION_LABEL, revision);
        ObjectNode spec = Json.child(pod, "spec");
        spec.put("hostname", name);
        JsonNode service = set.path("spec").path("serviceName");
        if (service.isString()) {
            spec.set("subdomain", service);
        }
        for (JsonNode template : set.path("spec").path("volumeClaimTemplates")) {
            claimVolume(set, name, template, spec);
        }
        return cluster.create(Kinds.PODS, pod);
    }

    /** The claim outlives the pod, so it is often there already. */
    private void claimVolume(ObjectNode set, String podName, JsonNode template, ObjectNode podSpec) {
        String volume = Meta.name(template);
        String name = volume + "-" + podName;
        if (cluster.find(Kinds.PERSISTENT_VOLUME_CLAIMS, new ObjectKey(Meta.namespace(set), name)) == null) {
            ObjectNode claim =
                    Json.object().put("kind", "PersistentVolumeClaim").put("apiVersion", "v1");
            ObjectNode metadata = claim.putObject("metadata");
            metadata.put("name", name).put("namespace", Meta.namespace(set));
            ObjectNode labels = metadata.putObject("labels");
            Meta.labels(template).forEach(labels::put);
            Meta.strings(set.path("spec").path("selector").path("matchLabels")).forEach(labels::put);
            claim.set("spec", template.path("spec").deepCopy());
            cluster.create(Kinds.PERSISTENT_VOLUME_CLAIMS, claim);
        }
        List<JsonNode> volumes = new ArrayList<>();
        podSpec.path("volumes").forEach(volumes::add);
        if (volumes.stream().noneMatch(given -> given.path("name").asString("").equals(volume))) {
            ObjectNode entry = podSpec.withArray("volumes").addObject().put("name", volume);
            entry.putObject("persistentVolumeClaim").put("claimName", name);
        }
    }
}
