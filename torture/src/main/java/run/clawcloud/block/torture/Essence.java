package run.clawcloud.block.torture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is in some namespaces, to compare two worlds: every object as text, without what depends on how often something
 * was written, when, or which uid it drew, and without what quotas say is used, which the cluster counts now and then.
 * Pods are counted, for each of their namespaces; Events are left out.
 */
final class Essence {

    private static final List<ResourceType> COMPARED = List.of(
            Kinds.DEPLOYMENTS,
            Kinds.REPLICA_SETS,
            Kinds.STATEFUL_SETS,
            Kinds.REPLICATION_CONTROLLERS,
            Kinds.DAEMON_SETS,
            Kinds.JOBS,
            Kinds.CRON_JOBS,
            Kinds.RESOURCE_QUOTAS,
            Kinds.CONFIG_MAPS);

    private static final Set<String> LEFT_OUT = Set.of(
            "resourceVersion",
            "uid",
            "managedFields",
            "generation",
            "observedGeneration",
            "startTime",
            "lastTransitionTime",
            "lastUpdateTime",
            "lastProbeTime",
            "creationTimestamp",
            "used",
            "controller-uid",
            "batch.kubernetes.io/controller-uid");

    /** Moments that the controller notes: that they are there counts. */
    private static final Set<String> MOMENTS = Set.of(Names.UNLOCK_TIMESTAMP, Names.LOCKED_AT);

    private Essence() {}

    /** Of a scene: the same for every run. */
    static SortedMap<String, String> of(Scene scene) {
        World world = scene.world();
        SortedMap<String, String> essence = new TreeMap<>();
        for (String namespace : scene.namespaces()) {
            ObjectNode object = world.find(namespace);
            if (object != null) {
                essence.put("namespaces/" + namespace, text(object));
            }
            for (ResourceType type : COMPARED) {
                put(world, type, namespace, essence);
            }
            essence.put("pods of " + namespace, Long.toString(livePods(world, namespace)));
        }
        ObjectNode request = scene.find();
        if (request != null) {
            essence.put("blockrequest", text(request));
        }
        SortedMap<String, String> ofAnyRun = new TreeMap<>();
        essence.forEach((key, text) -> ofAnyRun.put(scene.ofAnyRun(key), scene.ofAnyRun(text)));
        return ofAnyRun;
    }

    /** Pods that run or are to run, and are not about to go. */
    static long livePods(World world, String namespace) {
        return world.list(Kinds.PODS, namespace).stream()
                .filter(pod -> !pod.tree().path("metadata").has("deletionTimestamp"))
                .count();
    }

    private static void put(World world, ResourceType type, String namespace, Map<String, String> into) {
        for (StoredObject object : world.list(type, namespace)) {
            into.put(type.plural() + "/" + namespace + "/" + object.name(), text(object.tree()));
        }
    }

    private static String text(ObjectNode object) {
        strip(object);
        return object.toString();
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(LEFT_OUT);
            MOMENTS.stream().filter(object::has).forEach(key -> object.put(key, "some time"));
        }
        node.forEach(Essence::strip);
    }

    /** Where two differ, a line each. */
    static String differences(SortedMap<String, String> expected, SortedMap<String, String> actual) {
        SortedMap<String, String> all = new TreeMap<>(expected);
        all.putAll(actual);
        return all.keySet().stream()
                .filter(key -> !expected.getOrDefault(key, "").equals(actual.getOrDefault(key, "")))
                .map(key -> "%s%n  expected %s%n  found    %s"
                        .formatted(key, expected.getOrDefault(key, "none"), actual.getOrDefault(key, "none")))
                .collect(Collectors.joining("\n"));
    }
}
