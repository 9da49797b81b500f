package run.clawcloud.block.kubesim.api;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.KeyExistsException;
import run.clawcloud.block.kubesim.store.LabelSelector;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ObjectTooLargeException;
import run.clawcloud.block.kubesim.store.Query;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StaleObjectException;
import run.clawcloud.block.kubesim.store.Store;
import run.clawcloud.block.kubesim.store.StoredObject;
import run.clawcloud.block.kubesim.store.Subscription;
import run.clawcloud.block.kubesim.store.WatchEvent;
import tools.jackson.databind.node.ObjectNode;

/**
 * The API as calls in the process: the same meaning as over HTTP. Safe for any number of threads. What is refused is an
 * {@link ApiException}.
 */
public final class ClusterApi {

    private final Store store;
    private final ResourceTypes types;
    private final Preparation preparation;
    private final Admission admission;
    private final Deletion deletion;

    /**
     * The API over a store.
     *
     * @param store where objects rest
     * @param time of creationTimestamp and its like
     */
    public ClusterApi(Store store, InstantSource time) {
        this.store = store;
        this.types = new ResourceTypes(Kinds.BUILT_IN);
        this.preparation = new Preparation(time, types);
        this.admission = new Admission(store);
        this.deletion = new Deletion(store, time, types);
    }

    /** The types that are served. */
    public ResourceTypes types() {
        return types;
    }

    /** What rests behind it, for lists in pages and for watches over HTTP. */
    public Store store() {
        return store;
    }

    /** The object, null if there is none. Namespace is empty for cluster-scoped types. */
    public @Nullable StoredObject find(ResourceType type, String namespace, String name) {
        return store.get(type, namespace, name);
    }

    /** The object; 404 if there is none. */
    public StoredObject get(ResourceType type, String namespace, String name) {
        StoredObject object = store.get(type, namespace, name);
        if (object == null) {
            throw ApiException.notFound(type, name);
        }
        return object;
    }

    /**
     * The objects that match; namespace is null for those of all namespaces, and null or empty for cluster-scoped
     * types.
     */
    public List<StoredObject> list(ResourceType type, @Nullable String namespace, LabelSelector selector) {
        return store.listNow(type, Query.of(namespace, object -> selector.matches(object.labels())))
                .items();
    }

    /**
     * Creates an object.
     *
     * @param namespace wins over an absent {@code metadata.namespace}; empty for cluster-scoped types
     * @param object {@code metadata.name} or {@code metadata.generateName} must be there
     */
    public StoredObject create(ResourceType type, String namespace, ObjectNode object, Caller by) {
        requireOpen(type);
        ObjectNode created = Json.parseObject(Json.bytes(object));
        String name = preparation.beforeCreate(type, namespace, created, by);
        ObjectKey key = new ObjectKey(namespace, name);
        try {
            return admission.admitting(type, key, created, () -> store.create(type, key, created));
        } catch (KeyExistsException _) {
            throw ApiException.alreadyExists(type, name);
        } catch (ObjectTooLargeException _) {
            throw ApiException.tooLarge();
        }
    }

    private void requireOpen(ResourceType type) {
        CustomType custom = types.custom(type);
        if (custom != null && custom.terminating()) {
            throw ApiException.of(
                    405,
                    "MethodNotAllowed",
                    "create not allowed while custom resource definition is terminating",
                    Json.object().put("group", type.group()).put("kind", type.plural()));
        }
    }

    /**
     * Replaces an object, or a part of it: the {@code update} verb. A {@code metadata.resourceVersion} in the object
     * must be the current one (409 otherwise).
     *
     * @param object its name must be there
     */
    public StoredObject update(
            ResourceType type, String namespace, String name, Subresource part, ObjectNode object, Caller by) {
        if (object.path("metadata").path("name").asString("").isEmpty()) {
            throw ApiException.badRequest(
                    "the name of the object (" + name + " based on URL) was undeterminable: name must be provided");
        }
        String uid = object.path("metadata").path("uid").asString("");
        boolean versioned = types.rules(type) != null;
        return modify(type, namespace, name, part, by, current -> {
            if (versioned
                    && object.path("metadata")
                            .path("resourceVersion")
                            .asString("")
                            .isEmpty()) {
                throw ApiException.unconditional(type, name);
            }
            String currentUid = current.path("metadata").path("uid").asString("");
            if (!uid.isEmpty() && !uid.equals(currentUid)) {
                throw ApiException.uidPrecondition(type, name, uid, currentUid);
            }
            return object;
        });
    }

    /**
     * Reads, changes and writes an object or a part of it, again until no other write came between.
     *
     * @param change given a copy of the object that it may change, returns what is to be written; called once or more.
     *     A result whose {@code metadata.resourceVersion} is not the one given is refused with 409
     * @return the object as it stands now; unchanged when the result equals what was
     */
    public StoredObject modify(
            ResourceType type,
            String namespace,
            String name,
            Subresource part,
            Caller by,
            UnaryOperator<ObjectNode> change) {
        while (true) {
            StoredObject current = get(type, namespace, name);
            ObjectNode before = current.tree();
            ObjectNode after = changed(before, part, change);
            preparation.beforeUpdate(type, current, before, after, part, by);
            if (after.equals(before)) {
                return current;
            }
            try {
                return deletion.isComplete(after) ? store.delete(current, after) : store.replace(current, after);
            } catch (StaleObjectException _) {
                // Another write came first: look again at what it left.
            } catch (ObjectTooLargeException _) {
                throw ApiException.tooLarge();
            }
        }
    }

    /** Written and read again, so that a number is equal to the same number however it was made. */
    private static ObjectNode changed(ObjectNode before, Subresource part, UnaryOperator<ObjectNode> change) {
        ObjectNode after = part == Subresource.SCALE
                ? Scale.into(before.deepCopy(), change.apply(Scale.of(before)))
                : change.apply(before.deepCopy());
        return Json.parseObject(Json.bytes(after));
    }

    /**
     * Deletes an object, or marks it for deletion if finalizers or a kubelet must agree.
     *
     * @return the object as it was last: gone, or with a {@code deletionTimestamp}
     */
    public StoredObject delete(ResourceType type, String namespace, String name, DeleteOptions options) {
        return deletion.delete(type, namespace, name, options);
    }

    /**
     * Calls the listener for every write of that type from now on, on the writing thread and in the order of
     * resourceVersions. It must be quick and must not call this API: it notes what is to be done and returns. What
     * stood there before is found with {@link #list}, after this call.
     */
    public Subscription watch(ResourceType type, Consumer<WatchEvent> listener) {
        return store.subscribe(type, listener);
    }
}
