package run.clawcloud.block.kubesim.store;

import org.jspecify.annotations.Nullable;

/**
 * One write, as a watch without selector sees it.
 *
 * @param kind what happened
 * @param object the object after the write; of a deletion, its last state under the resourceVersion of the deletion
 * @param previous the object before the write, null when it was created
 */
public record WatchEvent(
        Kind kind, StoredObject object, @Nullable StoredObject previous) {

    /** As the API spells it. */
    public enum Kind {
        /** Created, or come into a selector. */
        ADDED,
        /** Changed. */
        MODIFIED,
        /** Deleted, or gone out of a selector. */
        DELETED
    }

    /** The write's resourceVersion. */
    public long resourceVersion() {
        return object.resourceVersion();
    }
}
