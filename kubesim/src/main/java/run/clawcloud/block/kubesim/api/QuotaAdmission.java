package run.clawcloud.block.kubesim.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import run.clawcloud.block.kubesim.store.Query;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Store;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Refuses what would exceed a quota of its namespace, worded as kube-apiserver's ResourceQuota plugin. Quotas with
 * scopes limit nothing here.
 */
final class QuotaAdmission {

    /** What a pod must say of each container where a quota limits it. */
    private static final Map<String, String> DEMANDED = Map.of(
            "cpu", "requests",
            "memory", "requests",
            "requests.cpu", "requests",
            "requests.memory", "requests",
            "limits.cpu", "limits",
            "limits.memory", "limits");

    private final Store store;
    private final QuotaUsage usage;

    QuotaAdmission(Store store, QuotaUsage usage) {
        this.store = store;
        this.usage = usage;
    }

    /** The quotas that limit objects of that type in the namespace. */
    List<StoredObject> quotas(ResourceType type, String namespace) {
        List<StoredObject> quotas = new ArrayList<>();
        for (StoredObject quota : store.listNow(Kinds.RESOURCE_QUOTAS, Query.of(namespace, object -> true))
                .items()) {
            JsonNode spec = quota.tree().path("spec");
            boolean scoped = !spec.path("scopes").isEmpty() || spec.has("scopeSelector");
            if (!scoped && QuotaUsage.limits(type, spec.path("hard").propertyNames())) {
                quotas.add(quota);
            }
        }
        return quotas;
    }

    /**
     * Checks a creation.
     *
     * @throws ApiException 403 when a quota forbids it
     */
    void check(ResourceType type, String name, ObjectNode object, List<StoredObject> quotas) {
        for (StoredObject quota : quotas) {
            Map<String, Quantity> hard = hard(quota);
            demandAmounts(type, name, object, quota, hard);
            Map<String, Quantity> requested = QuotaUsage.of(type, object);
            requested.keySet().retainAll(hard.keySet());
            requested.values().removeIf(amount -> amount.amount().signum() <= 0);
            Map<String, Quantity> used = usage.used(quota.namespace(), requested.keySet());
            Map<String, Quantity> exceeded = new TreeMap<>(requested);
            exceeded.entrySet().removeIf(each -> fits(each, used, hard));
            if (!exceeded.isEmpty()) {
                throw ApiException.forbidden(
                        type,
                        name,
                        "exceeded quota: " + quota.name() + ", requested: " + text(exceeded, requested) + ", used: "
                                + text(exceeded, used) + ", limited: " + text(exceeded, hard));
            }
        }
    }

    private static boolean fits(
            Map.Entry<String, Quantity> requested, Map<String, Quantity> used, Map<String, Quantity> hard) {
        Quantity sum = requested.getValue().plus(used.getOrDefault(requested.getKey(), Quantity.ZERO));
        return sum.compareTo(hard.getOrDefault(requested.getKey(), sum)) <= 0;
    }

    private static Map<String, Quantity> hard(StoredObject quota) {
        Map<String, Quantity> hard = new TreeMap<>();
        quota.tree()
                .path("spec")
                .path("hard")
                .properties()
                .forEach(limit ->
                        hard.put(limit.getKey(), Quantity.parse(limit.getValue().asString())));
        return hard;
    }

    private static String text(Map<String, Quantity> which, Map<String, Quantity> amounts) {
        StringJoiner text = new StringJoiner(",");
        which.keySet().forEach(key -> text.add(key + "=" + amounts.getOrDefault(key, Quantity.ZERO)));
        return text.toString();
    }

    private static void demandAmounts(
            ResourceType type, String name, ObjectNode pod, StoredObject quota, Map<String, Quantity> hard) {
        if (!type.equals(Kinds.PODS)) {
            return;
        }
        StringJoiner missing = new StringJoiner("; ");
        for (String resource : new TreeSet<>(DEMANDED.keySet())) {
            if (hard.containsKey(resource)) {
                StringJoiner containers = new StringJoiner(",");
                containers.setEmptyValue("");
                for (JsonNode container : pod.path("spec").path("containers")) {
                    String amount = resource.substring(resource.indexOf('.') + 1);
                    JsonNode amounts = container.path("resources").path(DEMANDED.getOrDefault(resource, ""));
                    if (!amounts.has(amount)) {
                        containers.add(container.path("name").asString(""));
                    }
                }
                if (containers.length() > 0) {
                    missing.add(resource + " for: " + containers);
                }
            }
        }
        if (missing.length() > 0) {
            throw ApiException.forbidden(type, name, "failed quota: " + quota.name() + ": must specify " + missing);
        }
    }
}
