package run.clawcloud.block.kubesim.api;

import org.jspecify.annotations.Nullable;

/**
 * How to delete.
 *
 * @param uid delete only the object with this uid; null for any
 * @param resourceVersion delete only at this resourceVersion; null for any
 * @param propagation what becomes of what it owns
 * @param gracePeriodSeconds for pods; null for the pod's own
 */
public record DeleteOptions(
        @Nullable String uid,
        @Nullable String resourceVersion,
        Propagation propagation,
        @Nullable Long gracePeriodSeconds) {

    /** In the background, without conditions. */
    public static final DeleteOptions BACKGROUND = new DeleteOptions(null, null, Propagation.BACKGROUND, null);

    /** What becomes of what the object owns. */
    public enum Propagation {
        /** The object goes at once, its dependents later. */
        BACKGROUND,
        /** The object stays, with the finalizer {@code foregroundDeletion}, until its dependents are gone. */
        FOREGROUND,
        /** The dependents stay and lose their owner; meanwhile the object has the finalizer {@code orphan}. */
        ORPHAN
    }
}
