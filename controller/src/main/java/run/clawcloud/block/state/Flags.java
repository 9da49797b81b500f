package run.clawcloud.block.state;

import java.time.Duration;
import java.time.Instant;

/**
 * One namespace's state packed into a number: two for the switch, two for what was applied, two for the deadline, two
 * for the lock length, and single marks.
 */
final class Flags {

    private static final int STATUS = 0;
    private static final int APPLIED = 2;
    private static final int DEADLINE = 4;
    private static final int LENGTH = 6;

    static final int TERMINATING = 1 << 8;
    /** Reported as deleted or not listed any more. */
    static final int VANISHED = 1 << 9;
    /** The quota is missing or altered. */
    static final int DRIFTED = 1 << 10;
    /** The slow scan has met the quota, or the lock is younger than the scan. */
    static final int QUOTA_SEEN = 1 << 11;

    static final int TOLD_DAY = 1 << 12;
    static final int TOLD_HOUR = 1 << 13;
    static final int TOLD_GRACE = 1 << 14;
    static final int DUE = 1 << 15;

    /** A BlockRequest names it, and it does not exist. */
    static final int MISSING = 1 << 16;
    /** A BlockRequest names it, and nobody has looked yet whether it exists. */
    static final int UNSEEN = 1 << 17;
    /** It is not yet, or not known to be, as its BlockRequests want it: nothing else is done until it is. */
    static final int UNSETTLED = 1 << 18;
    /** The last try to make it what its BlockRequests want has failed. */
    static final int UNSETTLED_FAILED = 1 << 19;

    /** It is never locked. */
    static final int PROTECTED = 1 << 20;
    /** It is protected, and people were told that it is not locked although a request asks for it. */
    static final int TOLD_REFUSED = 1 << 21;

    /** It is past its end, and stays locked: a BlockRequest holds it, and nothing follows. */
    static final int HELD_PAST_END = 1 << 22;

    /** The last flow has failed. */
    static final int FLOW_FAILED = 1 << 23;

    /**
     * A list did not have it: the version that is known is the list's and not its own, so that a write must not rely on
     * it.
     */
    static final int UNLISTED = 1 << 24;

    /** What was tried last has failed. */
    static final int FAILED = UNSETTLED_FAILED | FLOW_FAILED;

    /** What belongs to a deadline and is void with another one. */
    static final int OF_DEADLINE = TOLD_DAY | TOLD_HOUR | TOLD_GRACE | DUE | HELD_PAST_END;

    /** Marks that a view of the namespace says nothing about. */
    static final int KEPT = DRIFTED | QUOTA_SEEN | OF_DEADLINE | FAILED | PROTECTED | TOLD_REFUSED;

    private static final int DEADLINE_NONE = 0;
    private static final int DEADLINE_AT = 1;
    private static final int DEADLINE_UNREADABLE = 2;

    private static final int LENGTH_DEFAULT = 0;
    private static final int LENGTH_PERMANENT = 1;
    private static final int LENGTH_GIVEN = 2;
    private static final int LENGTH_UNREADABLE = 3;

    private Flags() {}

    static int of(Switch status, Applied applied, Deadline deadline, LockLength length, boolean terminating) {
        int deadlineKind = switch (deadline) {
            case Deadline.None() -> DEADLINE_NONE;
            case Deadline.At at -> DEADLINE_AT;
            case Deadline.Unreadable() -> DEADLINE_UNREADABLE;
        };
        int lengthKind = switch (length) {
            case LockLength.Default() -> LENGTH_DEFAULT;
            case LockLength.Permanent() -> LENGTH_PERMANENT;
            case LockLength.Of of -> LENGTH_GIVEN;
            case LockLength.Unreadable() -> LENGTH_UNREADABLE;
        };
        return (status.code() << STATUS)
                | (applied.code() << APPLIED)
                | (deadlineKind << DEADLINE)
                | (lengthKind << LENGTH)
                | (terminating ? TERMINATING : 0);
    }

    static Switch status(int flags) {
        return Switch.at((flags >> STATUS) & 3);
    }

    static Applied applied(int flags) {
        return Applied.at((flags >> APPLIED) & 3);
    }

    /** @param millis since the epoch; looked at only when there is a deadline */
    static Deadline deadline(int flags, long millis) {
        return switch ((flags >> DEADLINE) & 3) {
            case DEADLINE_NONE -> new Deadline.None();
            case DEADLINE_AT -> new Deadline.At(Instant.ofEpochMilli(millis));
            default -> new Deadline.Unreadable();
        };
    }

    /** @param millis looked at only when a length was given and there is no deadline */
    static LockLength length(int flags, long millis) {
        return switch ((flags >> LENGTH) & 3) {
            case LENGTH_DEFAULT -> new LockLength.Default();
            case LENGTH_PERMANENT -> new LockLength.Permanent();
            case LENGTH_GIVEN -> new LockLength.Of(Duration.ofMillis(Math.max(0, millis)));
            default -> new LockLength.Unreadable();
        };
    }

    static boolean has(int flags, int mark) {
        return (flags & mark) != 0;
    }

    /** Something was done to the namespace, or was begun, or an older controller did it: there is something to undo. */
    static boolean touched(int flags) {
        return applied(flags) != Applied.NOTHING || ((flags >> DEADLINE) & 3) != DEADLINE_NONE;
    }

    /** Nothing is asked of the namespace, nothing was done to it, and nothing is to be found out. */
    static boolean isPlain(int flags) {
        return status(flags) == Switch.ABSENT && !touched(flags) && !has(flags, VANISHED | UNSETTLED);
    }

    /** The pure decision: what does this state call for? */
    static Need need(int flags) {
        if (has(flags, TERMINATING | MISSING | UNSEEN | UNSETTLED)) {
            return Need.NOTHING;
        }
        if (has(flags, VANISHED)) {
            // A finished lock is undone by a write that fails where the namespace is gone: no GET has to come first.
            return applied(flags) == Applied.LOCKED && !has(flags, UNLISTED) ? Need.UNLOCK : Need.LOOK;
        }
        return switch (status(flags)) {
            case UNKNOWN -> Need.WARN;
            case ACTIVE, ABSENT -> touched(flags) ? Need.UNLOCK : Need.NOTHING;
            case LOCKED -> {
                if (has(flags, DUE)) {
                    yield Need.EXPIRE;
                }
                yield applied(flags) == Applied.LOCKED && !has(flags, DRIFTED) ? Need.NOTHING : Need.LOCK;
            }
        };
    }
}
