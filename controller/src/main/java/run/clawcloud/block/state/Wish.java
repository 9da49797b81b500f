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
 * @param givenDuration the longest that they give; null: none gives any, and the namespace's own stands
 * @param standard set when one of them gives no duration: then the namespace's own, or this where it has none, stands
 *     if it is longer. So no request shortens what another was promised
 */
public record Wish(
        Switch status,
        @Nullable String heldBy,
        @Nullable String reason,
        @Nullable String givenDuration,
        @Nullable LockLength standard) {

    /** No request wants anything: if one held the namespace, it is to be released. */
    public static final Wish NOTHING = new Wish(Switch.ABSENT, null, null, null, null);

    /** To be opened: no request holds it any more, or one asks for that. */
    public static final Wish ACTIVE = new Wish(Switch.ACTIVE, null, null, null, null);

    /** To be locked, and held so, by requests of which each gives a duration, or none does. */
    public static Wish locked(String heldBy, @Nullable String reason, @Nullable String givenDuration) {
        return new Wish(Switch.LOCKED, heldBy, reason, givenDuration, null);
    }

    /** To be locked, and held so, for the namespace's own duration, or {@code standard}, at least. */
    public static Wish lockedAtLeast(
            LockLength standard, String heldBy, @Nullable String reason, @Nullable String givenDuration) {
        return new Wish(Switch.LOCKED, heldBy, reason, givenDuration, standard);
    }

    /** Whether a namespace is to stay locked. */
    public boolean holds() {
        return status == Switch.LOCKED;
    }

    /** Whether something may have to be done to a namespace that was as this other one wants it. */
    boolean callsForMoreThan(Wish before) {
        return !equals(before) && (before.holds() || !equals(NOTHING));
    }

    /** The label that this namespace has to have; null when any will do. */
    public @Nullable String label(NamespaceView view) {
        return switch (status) {
            case LOCKED -> Names.LOCKED;
            case ACTIVE -> Names.ACTIVE;
            case ABSENT, UNKNOWN -> view.heldBy() == null ? null : Names.ACTIVE;
        };
    }

    /** What the annotation of this namespace has to say for them; null: its own value stands. */
    public @Nullable String lockDuration(NamespaceView view) {
        LockLength floor = standard;
        if (givenDuration == null || floor == null) {
            return givenDuration;
        }
        String note = view.originalLockDuration();
        String own = note == null ? view.lockDuration() : note.isEmpty() ? null : note;
        boolean ownIsLonger = LockLength.parse(own).millis(floor)
                >= LockLength.parse(givenDuration).millis(floor);
        return ownIsLonger ? null : givenDuration;
    }

    /** Whether nothing has to be written for it. */
    public boolean fulfilledBy(NamespaceView view) {
        String label = label(view);
        return (label == null || label.equals(view.status()))
                && Objects.equals(heldBy, view.heldBy())
                && stands(reason, view.lockReason(), view.originalLockReason())
                && stands(lockDuration(view), view.lockDuration(), view.originalLockDuration());
    }

    /**
     * Whether an annotation is as it has to be: the request's value beside a note of what stood there before, or the
     * namespace's own value and no note.
     */
    private static boolean stands(@Nullable String wanted, @Nullable String value, @Nullable String note) {
        return wanted == null ? note == null : wanted.equals(value) && note != null;
    }
}
