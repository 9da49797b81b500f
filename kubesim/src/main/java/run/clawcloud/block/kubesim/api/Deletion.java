package run.clawcloud.block.kubesim.api;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StaleObjectException;
import run.clawcloud.block.kubesim.store.Store;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code delete} verb: at once, or by a deletionTimestamp that waits for finalizers, a kubelet or a namespace's
 * content.
 */
final class Deletion {

    private static final long POD_GRACE_SECONDS = 30;

    private final Store store;
    private final InstantSource time;
    private final ResourceTypes types;

    Deletion(Store store, InstantSource time, ResourceTypes types) {
        this.store = store;
        this.time = time;
        this.types = types;
    }

    StoredObject delete(ResourceType type, String namespace, String name, DeleteOptions options) {
        while (true) {
            StoredObject current = store.get(type, namespace, name);
            if (current == null) {
                throw ApiException.notFound(type, name);
            }
            checkPreconditions(current, options);
            ObjectNode tree = current.tree();
            ObjectNode marked = tree.deepCopy();
            mark(type, marked, options);
            try {
                if (isComplete(marked)) {
                    return store.delete(current, type.equals(Kinds.PODS) ? marked : tree);
                }
                return marked.equals(tree) ? current : store.replace(current, marked);
            } catch (StaleObjectException _) {
                // Another write came first: look again at what it left.
            }
        }
    }

    private static void checkPreconditions(StoredObject current, DeleteOptions options) {
        if (options.uid() != null && !options.uid().equals(current.uid())) {
            throw ApiException.uidPrecondition(current.type(), current.name(), options.uid(), current.uid());
        }
        String version = Long.toString(current.resourceVersion());
        if (options.resourceVersion() != null && !options.resourceVersion().equals(version)) {
            throw ApiException.conflict(
                    current.type(),
                    current.name(),
                    "Precondition failed: ResourceVersion in precondition: " + options.resourceVersion()
                            + ", ResourceVersion in object meta: " + version);
        }
    }

    private void mark(ResourceType type, ObjectNode object, DeleteOptions options) {
        ObjectNode metadata = Json.child(object, "metadata");
        long grace = type.equals(Kinds.PODS) ? podGrace(object, options) : 0;
        switch (options.propagation()) {
            case FOREGROUND -> addFinalizer(metadata, "foregroundDeletion");
            case ORPHAN -> addFinalizer(metadata, "orphan");
            case BACKGROUND -> {}
        }
        if (!metadata.has("deletionTimestamp")) {
            metadata.put(
                    "deletionTimestamp",
                    time.instant()
                            .plusSeconds(grace)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            metadata.put("deletionGracePeriodSeconds", grace);
            if (metadata.has("generation")) {
                metadata.put("generation", metadata.path("generation").asLong() + 1);
            }
            ObjectRules rules = types.rules(type);
            if (rules != null) {
                rules.beginDeletion(object);
            }
        } else if (grace < metadata.path("deletionGracePeriodSeconds").asLong()) {
            metadata.put("deletionGracePeriodSeconds", grace);
        }
        if (type.equals(Kinds.NAMESPACES)) {
            Json.child(object, "status").put("phase", "Terminating");
        }
    }

    private static long podGrace(ObjectNode pod, DeleteOptions options) {
        String phase = pod.path("status").path("phase").asString("");
        boolean nobodyRunsIt = pod.path("spec").path("nodeName").asString("").isEmpty()
                || phase.equals("Succeeded")
                || phase.equals("Failed");
        if (nobodyRunsIt) {
            return 0;
        }
        Long asked = options.gracePeriodSeconds();
        return asked != null
                ? asked
                : pod.path("spec").path("terminationGracePeriodSeconds").asLong(POD_GRACE_SECONDS);
    }

    private static void addFinalizer(ObjectNode metadata, String finalizer) {
        ArrayNode finalizers =
                metadata.get("finalizers") instanceof ArrayNode array ? array : metadata.putArray("finalizers");
        for (JsonNode present : finalizers) {
            if (present.asString("").equals(finalizer)) {
                return;
            }
        }
        finalizers.add(finalizer);
    }

    /**
     * Whether nothing holds the object any more: it is marked for deletion and no finalizer, no kubelet is waited for.
     */
    boolean isComplete(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.has("deletionTimestamp")
                && metadata.path("deletionGracePeriodSeconds").asLong() == 0
                && metadata.path("finalizers").isEmpty()
                && (!object.path("kind").asString("").equals(Kinds.NAMESPACES.kind())
                        || object.path("spec").path("finalizers").isEmpty());
    }
}
