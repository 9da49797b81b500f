package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Empties namespaces that are being deleted, and lets them go when nothing is left in them. */
final class NamespaceController implements Reconciler {

    private static final String FINALIZER = "kubernetes";

    private final Cluster cluster;
    private final Supplier<List<ResourceType>> types;
    private final Set<String> terminating = ConcurrentHashMap.newKeySet();

    NamespaceController(Cluster cluster, Supplier<List<ResourceType>> types) {
        this.cluster = cluster;
        this.types = types;
    }

    /** Whether what goes out of that namespace may be the last that held it. */
    boolean waitsFor(String namespace) {
        return terminating.contains(namespace);
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode namespace = cluster.find(Kinds.NAMESPACES, key);
        if (namespace == null || !Meta.deleting(namespace) || !held(namespace)) {
            terminating.remove(key.name());
            return null;
        }
        terminating.add(key.name());
        Map<String, Integer> left = new TreeMap<>();
        Map<String, Integer> finalizers = new TreeMap<>();
        for (ResourceType type : types.get()) {
            if (type.namespaced()) {
                empty(type, key.name(), left, finalizers);
            }
        }
        if (left.isEmpty()) {
            terminating.remove(key.name());
            cluster.modify(Kinds.NAMESPACES, key, Subresource.FINALIZE, NamespaceController::release);
        } else {
            report(key, left, finalizers);
        }
        return null;
    }

    private static boolean held(JsonNode namespace) {
        for (JsonNode finalizer : namespace.path("spec").path("finalizers")) {
            if (finalizer.asString("").equals(FINALIZER)) {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode release(ObjectNode namespace) {
        if (Json.child(namespace, "spec").get("finalizers") instanceof ArrayNode finalizers) {
            for (int i = finalizers.size() - 1; i >= 0; i--) {
                if (finalizers.get(i).asString("").equals(FINALIZER)) {
                    finalizers.remove(i);
                }
            }
        }
        return namespace;
    }

    private void empty(
            ResourceType type, String namespace, Map<String, Integer> left, Map<String, Integer> finalizers) {
        for (StoredObject object : cluster.list(type, namespace)) {
            if (!Bytes.contain(object.json(), Bytes.DELETION_TIMESTAMP) || !Meta.deleting(object.tree())) {
                cluster.delete(type, object.tree());
            }
        }
        for (StoredObject object : cluster.list(type, namespace)) {
            left.merge(type.qualifiedName(), 1, Integer::sum);
            object.tree()
                    .path("metadata")
                    .path("finalizers")
                    .forEach(finalizer -> finalizers.merge(finalizer.asString(""), 1, Integer::sum));
        }
    }

    private void report(ObjectKey key, Map<String, Integer> left, Map<String, Integer> finalizers) {
        String now = Times.text(cluster.now());
        cluster.modify(Kinds.NAMESPACES, key, Subresource.STATUS, namespace -> {
            ObjectNode status = Json.child(namespace, "status");
            condition(
                    status,
                    "NamespaceDeletionDiscoveryFailure",
                    false,
                    "ResourcesDiscovered",
                    "All resources successfully discovered",
                    now);
            condition(
                    status,
                    "NamespaceDeletionGroupVersionParsingFailure",
                    false,
                    "ParsedGroupVersions",
                    "All legacy kube types successfully parsed",
                    now);
            condition(
                    status,
                    "NamespaceDeletionContentFailure",
                    false,
                    "ContentDeleted",
                    "All content successfully deleted, may be waiting on finalization",
                    now);
            condition(
                    status,
                    "NamespaceContentRemaining",
                    true,
                    "SomeResourcesRemain",
                    "Some resources are remaining: " + list(left, " has ", " resource instances"),
                    now);
            if (finalizers.isEmpty()) {
                condition(
                        status,
                        "NamespaceFinalizersRemaining",
                        false,
                        "ContentHasNoFinalizers",
                        "All content-preserving finalizers finished",
                        now);
            } else {
                condition(
                        status,
                        "NamespaceFinalizersRemaining",
                        true,
                        "SomeFinalizersRemain",
                        "Some content in the namespace has finalizers remaining: "
                                + list(finalizers, " in ", " resource instances"),
                        now);
            }
            return namespace;
        });
    }

    private static String list(Map<String, Integer> counts, String between, String after) {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + between + count.getValue() + after)
                .collect(Collectors.joining(", "));
    }

    /** The message of a condition that stays as it is may still change. */
    private static void condition(
            ObjectNode status, String type, boolean value, String reason, String message, String now) {
        Conditions.set(status, type, value, reason, message, null, now);
        ObjectNode condition = Conditions.find(status, type);
        if (condition != null) {
            condition.put("message", message);
        }
    }
}
