package run.clawcloud.block.request;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.namespace.NamespacePatch;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.Wish;

/**
 * The one write that makes a namespace what its requests want: label, who holds it, reason and duration, beside notes
 * of what stood there before. A pure function.
 */
final class HoldDecision {

    private final NamespaceView view;
    private final Wish wish;
    private final Instant now;
    private final LockLength standard;

    private HoldDecision(NamespaceView view, Wish wish, Instant now, LockLength standard) {
        this.view = view;
        this.wish = wish;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
        this.standard = standard;
    }

    /**
     * Decides.
     *
     * @param standard the length of locks that ask for none
     * @return the write; empty when the namespace is as it has to be, or is being deleted
     */
    static Optional<NamespacePatch> of(NamespaceView view, Wish wish, Instant now, LockLength standard) {
        return view.terminating() || wish.fulfilledBy(view)
                ? Optional.empty()
                : Optional.of(new HoldDecision(view, wish, now, standard).patch());
    }

    private NamespacePatch patch() {
        NamespacePatch patch = NamespacePatch.at(view.resourceVersion());
        String label = wish.label(view);
        if (label != null && !label.equals(view.status())) {
            patch = patch.label(Names.STATUS_LABEL, label);
        }
        if (!Objects.equals(wish.heldBy(), view.heldBy())) {
            patch = patch.annotation(Names.HELD_BY, wish.heldBy());
        }
        String reason = value(wish.reason(), view.lockReason(), view.originalLockReason());
        String wantedLength = wish.lockDuration(view);
        String length = value(wantedLength, view.lockDuration(), view.originalLockDuration());
        patch = set(patch, Names.LOCK_REASON, reason, view.lockReason());
        patch = set(patch, Names.LOCK_DURATION, length, view.lockDuration());
        patch = set(
                patch,
                Names.ORIGINAL_LOCK_REASON,
                note(wish.reason(), view.lockReason(), view.originalLockReason()),
                view.originalLockReason());
        patch = set(
                patch,
                Names.ORIGINAL_LOCK_DURATION,
                note(wantedLength, view.lockDuration(), view.originalLockDuration()),
                view.originalLockDuration());
        boolean lengthMoves = view.applied() != null && !Objects.equals(length, view.lockDuration());
        return wish.holds() && (lengthMoves || endIsOfALockThatWasOver()) ? moveEnd(patch, length) : patch;
    }

    /**
     * The namespace was let go, and is taken again before it is open: the end that still stands is that of the lock
     * before, and may be past already.
     */
    private boolean endIsOfALockThatWasOver() {
        boolean open = view.heldBy() == null && !Names.LOCKED.equals(view.status());
        Optional<Instant> end = instant(view.unlockTimestamp());
        return open && end.isPresent() && (view.applied() != null || !end.get().isAfter(now));
    }

    /** What has to stand in an annotation: the request's value, or what was noted to have stood there before. */
    private static @Nullable String value(@Nullable String wanted, @Nullable String value, @Nullable String note) {
        if (wanted != null) {
            return wanted;
        }
        if (note == null) {
            return value;
        }
        return note.isEmpty() ? null : note;
    }

    /** What has to stand in the note beside it. */
    private static @Nullable String note(@Nullable String wanted, @Nullable String value, @Nullable String note) {
        if (wanted == null) {
            return null;
        }
        return note == null ? Objects.requireNonNullElse(value, "") : note;
    }

    private static NamespacePatch set(
            NamespacePatch patch, String annotation, @Nullable String wanted, @Nullable String value) {
        return Objects.equals(wanted, value) ? patch : patch.annotation(annotation, wanted);
    }

    /**
     * The length of a lock has changed: its end moves, counted from when it was begun. But a request that comes or goes
     * must not put the end of a namespace into the past, where it would be deleted at once: a lock that stood before
     * any request held it begins anew, and so does one whose end would come nearer because others hold it now.
     */
    private NamespacePatch moveEnd(NamespacePatch patch, @Nullable String length) {
        LockLength wanted = LockLength.parse(length);
        if (wanted instanceof LockLength.Default || wanted instanceof LockLength.Unreadable) {
            wanted = standard;
        }
        Optional<Instant> begun = instant(view.lockedAt());
        boolean sameHolders = Objects.equals(wish.heldBy(), view.heldBy());
        boolean anew = begun.isEmpty()
                || view.heldBy() == null
                || (!sameHolders && isBefore(end(begun.get(), wanted), instant(view.unlockTimestamp())));
        NamespacePatch moved = anew ? patch.annotation(Names.LOCKED_AT, now.toString()) : patch;
        String end =
                end(anew ? now : begun.get(), wanted).map(Instant::toString).orElse(null);
        return set(moved, Names.UNLOCK_TIMESTAMP, end, view.unlockTimestamp());
    }

    /** Empty: never. */
    private static Optional<Instant> end(Instant begun, LockLength length) {
        return length instanceof LockLength.Of of ? Optional.of(begun.plus(of.duration())) : Optional.empty();
    }

    /** Empty ends come after all others. */
    private static boolean isBefore(Optional<Instant> end, Optional<Instant> other) {
        return end.isPresent() && (other.isEmpty() || end.get().isBefore(other.get()));
    }

    private static Optional<Instant> instant(@Nullable String annotation) {
        try {
            return Optional.ofNullable(annotation)
                    .map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
