package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes what is left of owners that are gone, and lets owners go that wait for what they own
 * ({@code foregroundDeletion}) or for its release ({@code orphan}). Works on a namespace at a time, whose name is the
 * key: what a cluster-scoped object owns is looked at when something is deleted beside it.
 */
final class GarbageCollector implements Reconciler {

    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    private final Cluster cluster;
    private final Supplier<List<ResourceType>> types;

    GarbageCollector(Cluster cluster, Supplier<List<ResourceType>> types) {
        this.cluster = cluster;
        this.types = types;
    }

    private record Dependent(StoredObject object, ObjectNode tree) {
        List<Meta.Owner> owners() {
            List<Meta.Owner> owners = new ArrayList<>();
            tree.path("metadata").path("ownerReferences").forEach(reference -> owners.add(Meta.Owner.of(reference)));
            return owners;
        }

        boolean blocks(String uid) {
            for (JsonNode reference : tree.path("metadata").path("ownerReferences")) {
                if (reference.path("uid").asString("").equals(uid)
                        && reference.path("blockOwnerDeletion").asBoolean(false)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        Set<String> alive = new HashSet<>();
        List<Dependent> dependents = new ArrayList<>();
        List<StoredObject> going = new ArrayList<>();
        for (ResourceType type : types.get()) {
            if (type.namespaced()) {
                for (StoredObject object : cluster.list(type, key.namespace())) {
                    alive.add(object.uid());
                    if (Bytes.contain(object.json(), Bytes.OWNER_REFERENCES)) {
                        dependents.add(new Dependent(object, object.tree()));
                    }
                    if (Bytes.contain(object.json(), Bytes.DELETION_TIMESTAMP)) {
                        going.add(object);
                    }
                }
            }
        }
        Map<String, StoredObject> waiting = new HashMap<>();
        for (StoredObject owner : going) {
            List<String> finalizers = finalizers(owner.tree());
            if (finalizers.contains(ORPHAN)) {
                orphan(owner, dependents);
            } else if (finalizers.contains(FOREGROUND)) {
                waiting.put(owner.uid(), owner);
            }
        }
        for (Dependent dependent : dependents) {
            collect(dependent, alive, waiting.keySet());
        }
        for (StoredObject owner : waiting.values()) {
            if (dependents.stream().noneMatch(dependent -> dependent.blocks(owner.uid()))) {
                removeFinalizer(owner, FOREGROUND);
            }
        }
        return null;
    }

    /** Deletes it if none of its owners stays; a dependent of several loses those that are gone. */
    private void collect(Dependent dependent, Set<String> alive, Set<String> waiting) {
        List<Meta.Owner> owners = dependent.owners();
        if (owners.isEmpty() || Meta.deleting(dependent.tree())) {
            return;
        }
        Set<String> gone = new HashSet<>();
        boolean stays = false;
        for (Meta.Owner owner : owners) {
            if (!alive.contains(owner.uid())
                    && !exists(owner, dependent.object().namespace())) {
                gone.add(owner.uid());
            } else {
                stays |= !waiting.contains(owner.uid());
            }
        }
        if (!stays) {
            cluster.delete(dependent.object().type(), dependent.tree());
        } else if (!gone.isEmpty()) {
            release(dependent, gone);
        }
    }

    /** Whether that owner is there. An owner of a type that is not served here is given the benefit of the doubt. */
    boolean exists(Meta.Owner owner, String namespace) {
        for (ResourceType type : types.get()) {
            if (type.kind().equals(owner.kind()) && type.apiVersion().equals(owner.apiVersion())) {
                ObjectKey key = new ObjectKey(type.namespaced() ? namespace : "", owner.name());
                return owner.uid().equals(cluster.uid(type, key));
            }
        }
        return true;
    }

    private void orphan(StoredObject owner, List<Dependent> dependents) {
        List<Dependent> owned = dependents.stream()
                .filter(dependent -> dependent.owners().stream()
                        .anyMatch(reference -> reference.uid().equals(owner.uid())))
                .toList();
        for (Dependent dependent : owned) {
            release(dependent, Set.of(owner.uid()));
        }
        dependents.removeAll(owned);
        removeFinalizer(owner, ORPHAN);
    }

    private void release(Dependent dependent, Set<String> owners) {
        cluster.modify(dependent.object().type(), dependent.object().key(), Subresource.NONE, tree -> {
            removeIf(
                    tree,
                    "ownerReferences",
                    reference -> owners.contains(reference.path("uid").asString("")));
            return tree;
        });
    }

    private void removeFinalizer(StoredObject owner, String finalizer) {
        cluster.modify(owner.type(), owner.key(), Subresource.NONE, tree -> {
            if (Meta.uid(tree).equals(owner.uid())) {
                removeIf(tree, "finalizers", entry -> entry.asString("").equals(finalizer));
            }
            return tree;
        });
    }

    private static void removeIf(ObjectNode tree, String list, Predicate<JsonNode> condition) {
        ObjectNode metadata = Json.child(tree, "metadata");
        if (metadata.get(list) instanceof ArrayNode entries) {
            for (int i = entries.size() - 1; i >= 0; i--) {
                if (condition.test(entries.get(i))) {
                    entries.remove(i);
                }
            }
            if (entries.isEmpty()) {
                metadata.remove(list);
            }
        }
    }

    private static List<String> finalizers(JsonNode tree) {
        List<String> finalizers = new ArrayList<>();
        tree.path("metadata").path("finalizers").forEach(entry -> finalizers.add(entry.asString("")));
        return finalizers;
    }
}
