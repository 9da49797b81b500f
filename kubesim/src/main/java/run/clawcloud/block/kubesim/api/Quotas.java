package run.clawcloud.block.kubesim.api;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Query;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Store;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;

/**
 * The quotas of namespaces: what is used of them, and what they refuse. Nothing is remembered: what is used is counted
 * when it is asked for.
 */
public final class Quotas {

    private final Store store;

    /** Of that cluster. */
    public Quotas(Store store) {
        this.store = store;
    }

    /** The quotas of a namespace. */
    public List<StoredObject> of(String namespace) {
        return store.listNow(Kinds.RESOURCE_QUOTAS, Query.of(namespace, _ -> true))
                .items();
    }

    /** Of each of those names, what the objects use for which the quota holds. */
    public Map<String, Quantity> used(StoredObject quota, Collection<String> names) {
        JsonNode scoped = quota.tree();
        Map<String, Quantity> used = new TreeMap<>();
        names.forEach(name -> used.put(name, Quantity.ZERO));
        for (ResourceType type : Kinds.BUILT_IN) {
            if (type.namespaced() && names.stream().anyMatch(name -> Usage.concerns(type, name))) {
                Query query = Query.of(quota.namespace(), _ -> true);
                add(scoped, type, store.listNow(type, query).items(), used);
            }
        }
        return used;
    }

    private static void add(JsonNode quota, ResourceType type, List<StoredObject> objects, Map<String, Quantity> used) {
        if (Usage.isSame(type)) {
            Quantity count = Quantity.of(objects.size());
            used.computeIfPresent(type.plural(), (_, before) -> before.plus(count));
            used.computeIfPresent("count/" + type.qualifiedName(), (_, before) -> before.plus(count));
            return;
        }
        objects.stream()
                .map(StoredObject::tree)
                .filter(object -> QuotaScopes.include(quota, type, object))
                .forEach(object -> Usage.of(type, object)
                        .forEach(
                                (name, quantity) -> used.computeIfPresent(name, (_, before) -> before.plus(quantity))));
    }

    /** Why that object may not be created, in the words of kube-apiserver; null if it may. */
    public @Nullable String refusal(ResourceType type, String namespace, JsonNode object) {
        for (StoredObject quota : of(namespace)) {
            String refusal = refusal(quota, type, object);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private @Nullable String refusal(StoredObject quota, ResourceType type, JsonNode object) {
        JsonNode tree = quota.tree();
        Map<String, Quantity> hard = QuotaScopes.include(tree, type, object) ? hard(tree) : new TreeMap<>();
        hard.keySet().removeIf(name -> !Usage.concerns(type, name));
        if (hard.isEmpty()) {
            return null;
        }
        List<String> unstated = type.equals(Kinds.PODS) ? Usage.unstated(object, hard.keySet()) : List.of();
        if (!unstated.isEmpty()) {
            return "failed quota: " + quota.name() + ": must specify " + String.join("; ", unstated);
        }
        Map<String, Quantity> requested = new TreeMap<>(Usage.of(type, object));
        requested.keySet().retainAll(hard.keySet());
        Map<String, Quantity> used = used(quota, requested.keySet());
        requested.entrySet().removeIf(request -> {
            String name = request.getKey();
            Quantity limit = hard.getOrDefault(name, Quantity.ZERO);
            return !used.getOrDefault(name, Quantity.ZERO)
                    .plus(request.getValue())
                    .exceeds(limit);
        });
        if (requested.isEmpty()) {
            return null;
        }
        used.keySet().retainAll(requested.keySet());
        hard.keySet().retainAll(requested.keySet());
        return "exceeded quota: " + quota.name() + ", requested: " + text(requested) + ", used: " + text(used)
                + ", limited: " + text(hard);
    }

    /** The limits of a quota, {@code spec.hard}; what can't be read is left out. */
    public static Map<String, Quantity> hard(JsonNode quota) {
        Map<String, Quantity> hard = new TreeMap<>();
        quota.path("spec").path("hard").properties().forEach(limit -> {
            try {
                hard.put(limit.getKey(), Quantity.parse(limit.getValue().asString("")));
            } catch (IllegalArgumentException _) {
                // As if it were not there: kube-apiserver would not have let it in.
            }
        });
        return hard;
    }

    private static String text(Map<String, Quantity> quantities) {
        return quantities.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }
}
