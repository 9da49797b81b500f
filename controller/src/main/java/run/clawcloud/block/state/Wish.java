package run.clawcloud.block.state;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;

/**
 * What BlockRequests want of a namespace.
 *
 * @param status {@link Switch#LOCKED}, {@link Switch#ACTIVE}, or {@link Switch#ABSENT}: they don't care
 * @param heldBy what the held-by annotation says; null exactly when the namespace is not held
 * @param reason for the lock; null: the namespace's own stands
 * @param lockDuration null: the namespace's own stands
 */
public record Wish(
        Switch status,
        @Nullable String heldBy,
        @Nullable String reason,
        @Nullable String lockDuration) {

    /** No request wants anything: if one held the namespace, it is to be released. */
    public static final Wish NOTHING = new Wish(Switch.ABSENT, null, null, null);

    /** To be opened: no request holds it any more, or one asks for that. */
    public static final Wish ACTIVE = new Wish(Switch.ACTIVE, null, null, null);

    /** To be locked, and held so. */
    public static Wish locked(String heldBy, @Nullable String reason, @Nullable String lockDuration) {
        return new Wish(Switch.LOCKED, heldBy, reason, lockDuration);
    }

    /** Whether a namespace is to stay locked. */
    public boolean holds() {
        return status == Switch.LOCKED;
    }

    /** The label that this namespace has to have; null when any will do. */
    public @Nullable String label(NamespaceView view) {
        return switch (status) {
            case LOCKED -> Names.LOCKED;
            case ACTIVE -> Names.ACTIVE;
            case ABSENT, UNKNOWN -> view.heldBy() == null ? null : Names.ACTIVE;
        };
    }

    /** Whether nothing has to be written for it. */
    public boolean fulfilledBy(NamespaceView view) {
        String label = label(view);
        return (label == null || label.equals(view.status()))
                && Objects.equals(heldBy, view.heldBy())
                && stands(reason, view.lockReason(), view.originalLockReason())
                && stands(lockDuration, view.lockDuration(), view.originalLockDuration());
    }

    /**
     * Whether an annotation is as it has to be: the request's value beside a note of what stood there before, or the
     * namespace's own value and no note.
     */
    private static boolean stands(@Nullable String wanted, @Nullable String value, @Nullable String note) {
        return wanted == null ? note == null : wanted.equals(value) && note != null;
    }
}
