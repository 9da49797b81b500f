package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.ObjectKey;

/** Brings one object, and what depends on it, one step closer to what it asks for. */
interface Reconciler {

    /**
     * Reads the object afresh, compares and writes what is missing. An object that is gone is nothing to do.
     *
     * @return when to look again although nothing has changed; null for never
     * @throws run.clawcloud.block.kubesim.api.ApiException when a write was refused: the key is tried again, later with
     *     each time
     */
    @Nullable
    Duration reconcile(ObjectKey key);
}
