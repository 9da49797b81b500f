package run.clawcloud.block.kubesim.api;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Store;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides whether an object may be created where it would: the namespace must be there and must not be going, and its
 * quotas must have room.
 */
final class Admission {

    /** So many namespaces can create objects at once; a power of two. */
    private static final int STRIPES = 64;

    private final Store store;
    private final Quotas quotas;
    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

    private final Store store;
    private final QuotaAdmission quotas;
    private final List<Lock> stripes =
            Stream.<Lock>generate(ReentrantLock::new).limit(STRIPES).toList();

    Admission(Store store, QuotaUsage usage) {
        this.store = store;
        this.quotas = new Quotas(store);
        Arrays.setAll(locks, _ -> new ReentrantLock());
    }

    /** Does the write if it may be done. */
    StoredObject admitting(ResourceType type, ObjectKey key, ObjectNode object, Supplier<StoredObject> write) {
        if (!type.namespaced()) {
            return write.get();
        }
        requireNamespace(type, key);
        if (quotas.of(key.namespace()).isEmpty()) {
            return write.get();
        }
        ReentrantLock lock = locks[key.namespace().hashCode() & (STRIPES - 1)];
        lock.lock();
        try {
            String refusal = quotas.refusal(type, key.namespace(), object);
            if (refusal != null) {
                throw ApiException.forbidden(type, key.name(), refusal);
            }
            return write.get();
        } finally {
            lock.unlock();
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
