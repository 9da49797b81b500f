package run.clawcloud.block.kubesim.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;

/** What one object uses, by the names that a quota may limit. */
public final class Usage {

    private static final Set<ResourceType> COUNTED_BY_PLURAL = Set.of(
            Kinds.REPLICATION_CONTROLLERS,
            Kinds.SECRETS,
            Kinds.CONFIG_MAPS,
            Kinds.RESOURCE_QUOTAS,
            Kinds.SERVICES,
            Kinds.PERSISTENT_VOLUME_CLAIMS);

    private Usage() {}

    /** All that an object of that type uses; what it leaves at zero is absent. */
    public static Map<String, Quantity> of(ResourceType type, JsonNode object) {
        Map<String, Quantity> usage = new TreeMap<>();
        usage.put("count/" + type.qualifiedName(), Quantity.of(1));
        if (COUNTED_BY_PLURAL.contains(type)) {
            usage.put(type.plural(), Quantity.of(1));
        }
        if (type.equals(Kinds.PODS)) {
            pod(object, usage);
        } else if (type.equals(Kinds.SERVICES)) {
            service(object.path("spec"), usage);
        } else if (type.equals(Kinds.PERSISTENT_VOLUME_CLAIMS)) {
            usage.put(
                    "requests.storage",
                    quantity(object.path("spec")
                            .path("resources")
                            .path("requests")
                            .path("storage")));
        }
        usage.values().removeIf(quantity -> quantity.value().signum() == 0);
        return usage;
    }

    /** Whether each object of that type uses the same: one of its plural. Then they need only be counted. */
    static boolean isSame(ResourceType type) {
        return !type.equals(Kinds.PODS) && !type.equals(Kinds.SERVICES) && !type.equals(Kinds.PERSISTENT_VOLUME_CLAIMS);
    }

    /** Whether objects of that type can use something of that name. */
    static boolean concerns(ResourceType type, String name) {
        return name.equals("count/" + type.qualifiedName())
                || (COUNTED_BY_PLURAL.contains(type) && name.equals(type.plural()))
                || (type.equals(Kinds.SERVICES) && name.startsWith("services."))
                || (type.equals(Kinds.PERSISTENT_VOLUME_CLAIMS) && name.equals("requests.storage"))
                || (type.equals(Kinds.PODS) && (name.equals("pods") || isCompute(name)));
    }

    private static boolean isCompute(String name) {
        return !name.equals("requests.storage")
                && (name.startsWith("requests.")
                        || name.startsWith("limits.")
                        || name.equals("cpu")
                        || name.equals("memory"));
    }

    private static void service(JsonNode spec, Map<String, Quantity> usage) {
        String type = spec.path("type").asString("ClusterIP");
        boolean balanced = type.equals("LoadBalancer");
        boolean nodePorts = type.equals("NodePort")
                || (balanced && spec.path("allocateLoadBalancerNodePorts").asBoolean(true));
        usage.put("services.loadbalancers", Quantity.of(balanced ? 1 : 0));
        usage.put(
                "services.nodeports", Quantity.of(nodePorts ? spec.path("ports").size() : 0));
    }

    private static void pod(JsonNode pod, Map<String, Quantity> usage) {
        String phase = pod.path("status").path("phase").asString("");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return;
        }
        usage.put("pods", Quantity.of(1));
        Set<String> resources = new TreeSet<>();
        for (JsonNode container : containers(pod)) {
            resources.addAll(container.path("resources").path("requests").propertyNames());
            resources.addAll(container.path("resources").path("limits").propertyNames());
        }
        for (String resource : resources) {
            Quantity requests = total(pod, resource, true);
            usage.put("requests." + resource, requests);
            usage.put(resource, requests);
            usage.put("limits." + resource, total(pod, resource, false));
        }
    }

    private static List<JsonNode> containers(JsonNode pod) {
        List<JsonNode> containers = new ArrayList<>();
        pod.path("spec").path("containers").forEach(containers::add);
        pod.path("spec").path("initContainers").forEach(containers::add);
        return containers;
    }

    /** Containers run at once, those that initialise one after the other and before them. */
    private static Quantity total(JsonNode pod, String resource, boolean requests) {
        Quantity sum = Quantity.ZERO;
        for (JsonNode container : pod.path("spec").path("containers")) {
            sum = sum.plus(of(container, resource, requests));
        }
        for (JsonNode container : pod.path("spec").path("initContainers")) {
            sum = sum.max(of(container, resource, requests));
        }
        return sum;
    }

    /** A container that has a limit only requests as much. */
    private static Quantity of(JsonNode container, String resource, boolean requests) {
        JsonNode limit = container.path("resources").path("limits").path(resource);
        JsonNode request = container.path("resources").path("requests").path(resource);
        return quantity(requests && !request.isMissingNode() ? request : limit);
    }

    /** What of those limited names a pod's containers fail to state, as {@code name for: container}. */
    static List<String> unstated(JsonNode pod, Collection<String> limited) {
        List<String> unstated = new ArrayList<>();
        for (String name : new TreeSet<>(limited)) {
            if (isCompute(name)) {
                boolean limit = name.startsWith("limits.");
                String resource = name.substring(name.indexOf('.') + 1);
                List<String> containers = containers(pod).stream()
                        .filter(container -> !states(container, resource, limit))
                        .map(container -> container.path("name").asString(""))
                        .sorted()
                        .toList();
                if (!containers.isEmpty()) {
                    unstated.add(name + " for: " + String.join(",", containers));
                }
            }
        }
        return unstated;
    }

    private static boolean states(JsonNode container, String resource, boolean limit) {
        JsonNode resources = container.path("resources");
        return resources.path("limits").has(resource)
                || (!limit && resources.path("requests").has(resource));
    }

    private static Quantity quantity(JsonNode value) {
        try {
            return value.isMissingNode() || value.isNull() ? Quantity.ZERO : Quantity.parse(value.asString());
        } catch (IllegalArgumentException _) {
            return Quantity.ZERO;
        }
    }
}
