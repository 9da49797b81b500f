package run.clawcloud.block.feed;

import org.jspecify.annotations.Nullable;

/**
 * The few fields of a namespace that decide what is done to it, as the API server told them. A null is a label or
 * annotation that is not there.
 *
 * @param resourceVersion {@link run.clawcloud.block.kube.ResourceVersion#NONE} when it is absent
 * @param heldBy who asked for the lock
 * @param lockedAt when the lock was begun
 * @param originalLockReason what {@code lockReason} was before a BlockRequest set it; empty: it was not there
 * @param originalLockDuration what {@code lockDuration} was before a BlockRequest set it; empty: it was not there
 * @param terminating deletion has begun
 * @param matches which selectors its labels match
 */
public record NamespaceView(
        String name,
        String uid,
        long resourceVersion,
        @Nullable String status,
        @Nullable String applied,
        @Nullable String unlockTimestamp,
        @Nullable String lockDuration,
        @Nullable String lockReason,
        @Nullable String heldBy,
        @Nullable String lockedAt,
        @Nullable String originalLockReason,
        @Nullable String originalLockDuration,
        boolean terminating,
        Matches matches) {}
