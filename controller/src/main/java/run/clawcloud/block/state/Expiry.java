package run.clawcloud.block.state;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import run.clawcloud.block.state.ChangeListener.Cause;
import run.clawcloud.block.state.ChangeListener.Notice;

/** Which locks have run out, and which are about to: one scan of the deadlines. Guarded by {@link Namespaces}. */
final class Expiry {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final NamespaceIndex index;
    private final Targets targets;
    private final ChangeListener listener;
    private final InstantSource clock;

    Expiry(NamespaceIndex index, Targets targets, ChangeListener listener, InstantSource clock) {
        this.index = index;
        this.targets = targets;
        this.listener = listener;
        this.clock = clock;
    }

    /** @param grace how long after its deadline a lock counts as due */
    void scan(Duration grace) {
        long now = clock.millis();
        index.forEachDeadlineUpTo(now + DAY.toMillis(), id -> approach(id, now, grace.toMillis()));
    }

    private void approach(int id, long now, long grace) {
        int flags = index.flags(id);
        if (Flags.status(flags) != Switch.LOCKED
                || Flags.has(flags, Flags.TERMINATING | Flags.DUE | Flags.HELD_PAST_END)) {
            return;
        }
        long deadline = index.deadline(id);
        if (deadline + grace <= now) {
            targets.setFlags(id, flags | Flags.DUE | Flags.TOLD_GRACE | Flags.TOLD_HOUR | Flags.TOLD_DAY);
            listener.needed(index.name(id), Cause.LIVE);
            return;
        }
        int passed = passed(deadline, now);
        if ((flags | passed) != flags) {
            targets.setFlags(id, flags | passed);
            Notice notice = Flags.has(passed, Flags.TOLD_GRACE)
                    ? Notice.GRACE
                    : Flags.has(passed, Flags.TOLD_HOUR) ? Notice.HOUR : Notice.DAY;
            listener.notice(index.name(id), notice, new Deadline.At(Instant.ofEpochMilli(deadline)));
        }
    }

    /** A lock that was due has not run out: the clock ran ahead for a moment. */
    void notDue(int id) {
        if (!Flags.has(index.flags(id), Flags.DUE)) {
            return;
        }
        noLongerDue(id, 0);
    }

    /** A lock that was due does not end: a BlockRequest holds the namespace. */
    void heldPastEnd(int id) {
        noLongerDue(id, Flags.HELD_PAST_END);
    }

    private void noLongerDue(int id, int mark) {
        int flags = (index.flags(id) & ~Flags.DUE) | mark;
        targets.setFlags(id, flags);
        if (Flags.need(flags) != Need.NOTHING) {
            listener.needed(index.name(id), Cause.LIVE);
        }
    }

    /** How many locks run out within this time, or have. */
    int within(Duration time) {
        int[] count = {0};
        index.forEachDeadlineUpTo(clock.millis() + time.toMillis(), id -> count[0] += ends(id) ? 1 : 0);
        return count[0];
    }

    /**
     * When the next lock runs out.
     *
     * @param last the last moment that a deadline can name, Unix milliseconds
     */
    Optional<Instant> next(long last) {
        long[] next = {Long.MAX_VALUE};
        index.forEachDeadlineUpTo(last, id -> next[0] = ends(id) ? Math.min(next[0], index.deadline(id)) : next[0]);
        return next[0] == Long.MAX_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next[0]));
    }

    private boolean ends(int id) {
        int flags = index.flags(id);
        return Flags.status(flags) == Switch.LOCKED
                && !Flags.has(
                        flags,
                        Flags.TERMINATING | Flags.HELD_PAST_END | Flags.PROTECTED | Flags.MISSING | Flags.UNSEEN);
    }

    /** The moments on the way to a deadline that lie behind us. */
    int passed(long deadline) {
        return passed(deadline, clock.millis());
    }

    private static int passed(long deadline, long now) {
        return (deadline - DAY.toMillis() <= now ? Flags.TOLD_DAY : 0)
                | (deadline - HOUR.toMillis() <= now ? Flags.TOLD_HOUR : 0)
                | (deadline <= now ? Flags.TOLD_GRACE : 0);
    }
}
