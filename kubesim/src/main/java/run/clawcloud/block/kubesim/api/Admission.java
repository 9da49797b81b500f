package run.clawcloud.block.kubesim.api;

import java.util.function.Supplier;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Store;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/** Decides whether a write may happen where it would: the namespace must be there and must not be going. */
final class Admission {

    private final Store store;

    Admission(Store store) {
        this.store = store;
    }

    /** Does the write if it may be done. */
    StoredObject admitting(ResourceType type, ObjectKey key, ObjectNode object, Supplier<StoredObject> write) {
        if (type.namespaced()) {
            requireNamespace(type, key);
        }
        return write.get();
    }

    private void requireNamespace(ResourceType type, ObjectKey key) {
        StoredObject namespace = store.get(Kinds.NAMESPACES, "", key.namespace());
        if (namespace == null) {
            throw ApiException.notFound(Kinds.NAMESPACES, key.namespace());
        }
        if (namespace.tree().path("metadata").has("deletionTimestamp")) {
            throw ApiException.namespaceTerminating(type, key.name(), key.namespace());
        }
    }
}
