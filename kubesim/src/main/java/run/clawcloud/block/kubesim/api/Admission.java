package run.clawcloud.block.kubesim.api;

import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Store;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides whether an object may come into its namespace: the namespace must be there, must not be going, and its quotas
 * must allow it. Creations in one namespace, those of quotas too, come one after the other: a quota holds from the
 * moment its creation is acknowledged, and two pods can't both take the last place.
 */
final class Admission {

    private static final int STRIPES = 256;

    private final Store store;
    private final Quotas quotas;
    private final List<Lock> stripes =
            Stream.<Lock>generate(ReentrantLock::new).limit(STRIPES).toList();

    Admission(Store store) {
        this.store = store;
        this.quotas = new Quotas(store);
    }

    /** Does the creation if it may be done. */
    StoredObject admitting(ResourceType type, ObjectKey key, ObjectNode object, Supplier<StoredObject> create) {
        if (!type.namespaced()) {
            return create.get();
        }
        requireNamespace(type, key);
        Lock stripe = stripes.get(Math.floorMod(key.namespace().hashCode(), STRIPES));
        stripe.lock();
        try {
            String refusal = quotas.refusal(type, key.namespace(), object);
            if (refusal != null) {
                throw ApiException.forbidden(type, key.name(), refusal);
            }
            return create.get();
        } finally {
            stripe.unlock();
        }
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
