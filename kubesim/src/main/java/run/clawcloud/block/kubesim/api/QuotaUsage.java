package run.clawcloud.block.kubesim.api;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import run.clawcloud.block.kubesim.store.Query;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Store;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What objects use of what a ResourceQuota can limit. Names and counting as in kube-apiserver's quota evaluators;
 * counted afresh whenever it is asked, from the objects of the namespace.
 */
public final class QuotaUsage {

    private static final Set<ResourceType> COUNTED = Set.of(
            Kinds.SERVICES,
            Kinds.SECRETS,
            Kinds.CONFIG_MAPS,
            Kinds.REPLICATION_CONTROLLERS,
            Kinds.PERSISTENT_VOLUME_CLAIMS,
            Kinds.RESOURCE_QUOTAS);

    private final Store store;

    QuotaUsage(Store store) {
        this.store = store;
    }

    /**
     * What a namespace uses.
     *
     * @param resources as {@code spec.hard} of a quota names them
     * @return of each resource how much; 0 of those that are not known
     */
    public Map<String, Quantity> used(String namespace, Collection<String> resources) {
        Map<String, Quantity> used = new TreeMap<>();
        resources.forEach(resource -> used.put(resource, Quantity.ZERO));
        for (ResourceType type : Kinds.BUILT_IN) {
            if (limits(type, resources)) {
                store.listNow(type, Query.of(namespace, object -> true))
                        .items()
                        .forEach(object -> of(type, object.tree())
                                .forEach((resource, amount) ->
                                        used.computeIfPresent(resource, (_, sum) -> sum.plus(amount))));
            }
        }
        return used;
    }

    /** Whether objects of that type use any of the resources. */
    static boolean limits(ResourceType type, Collection<String> resources) {
        if (resources.contains(count(type)) || (COUNTED.contains(type) && resources.contains(type.plural()))) {
            return true;
        }
        return switch (type.kind()) {
            case "Pod" ->
                resources.stream()
                        .anyMatch(r -> r.equals("pods")
                                || r.equals("cpu")
                                || r.equals("memory")
                                || r.startsWith("limits.")
                                || (r.startsWith("requests.") && !r.equals("requests.storage")));
            case "Service" -> resources.stream().anyMatch(r -> r.startsWith("services."));
            case "PersistentVolumeClaim" -> resources.contains("requests.storage");
            default -> false;
        };
    }

    private static String count(ResourceType type) {
        return "count/" + type.qualifiedName();
    }

    /** What one object uses, by the names that a quota may give it. */
    static Map<String, Quantity> of(ResourceType type, ObjectNode object) {
        Map<String, Quantity> used = new TreeMap<>();
        used.put(count(type), Quantity.of(1));
        if (COUNTED.contains(type)) {
            used.put(type.plural(), Quantity.of(1));
        }
        switch (type.kind()) {
            case "Pod" -> pod(object, used);
            case "Service" -> service(object.path("spec"), used);
            case "PersistentVolumeClaim" ->
                add(
                        used,
                        "requests.storage",
                        object.path("spec").path("resources").path("requests").path("storage"));
            default -> {}
        }
        return used;
    }

    /** A pod that has ended uses nothing. */
    private static void pod(ObjectNode pod, Map<String, Quantity> used) {
        String phase = pod.path("status").path("phase").asString("");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return;
        }
        used.put("pods", Quantity.of(1));
        for (JsonNode container : pod.path("spec").path("containers")) {
            container.path("resources").path("requests").properties().forEach(request -> {
                add(used, "requests." + request.getKey(), request.getValue());
                add(used, request.getKey(), request.getValue());
            });
            container
                    .path("resources")
                    .path("limits")
                    .properties()
                    .forEach(limit -> add(used, "limits." + limit.getKey(), limit.getValue()));
        }
    }

    private static void service(JsonNode spec, Map<String, Quantity> used) {
        String type = spec.path("type").asString("");
        if (type.equals("NodePort") || type.equals("LoadBalancer")) {
            used.put("services.nodeports", Quantity.of(spec.path("ports").size()));
        }
        if (type.equals("LoadBalancer")) {
            used.put("services.loadbalancers", Quantity.of(1));
        }
    }

    private static void add(Map<String, Quantity> used, String resource, JsonNode amount) {
        if (!amount.isMissingNode()) {
            used.merge(resource, Quantity.parse(amount.asString()), Quantity::plus);
        }
    }
}
