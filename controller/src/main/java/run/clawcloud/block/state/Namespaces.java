package run.clawcloud.block.state;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.state.ChangeListener.Cause;
import run.clawcloud.block.state.ChangeListener.Notice;

/**
 * What is known of all namespaces that carry the status label or to which something was applied. Thread-safe: one lock
 * guards the index.
 *
 * <p>Views come from three sides. A list is taken as it is, for the watch that follows brings whatever happened after
 * it. A watch event and the answer to a request of our own count only when they are not older than what is known, since
 * each may overtake the other.
 */
public final class Namespaces {

    /**
     * Lock lengths stand in the deadline column above every moment that a timestamp can name, so they are never due.
     */
    private static final long LENGTH_BASE = Long.MAX_VALUE / 2;

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final NamespaceIndex index = new NamespaceIndex();
    private final ChangeListener listener;
    private final InstantSource clock;

    public Namespaces(ChangeListener listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /** What is known of a namespace; empty when it does not concern us. */
    public synchronized Optional<NamespaceState> get(String name) {
        int id = index.find(name);
        return id == NamespaceIndex.ABSENT ? Optional.empty() : Optional.of(state(id));
    }

    /**
     * Whether to tell what was read of a namespace: of one that is known, and of one that carries anything of ours.
     * Allocates nothing.
     *
     * @param echoes also what is known already; a watch tells every write of our own, whose answer was observed
     */
    public synchronized boolean heeds(NamespaceReading reading, boolean echoes) {
        int id = index.find(reading.nameBytes(), 0, reading.nameLength());
        if (id == NamespaceIndex.ABSENT) {
            return reading.ours();
        }
        return echoes || index.resourceVersion(id) != reading.resourceVersion();
    }

    /** A list begins. It is taken as it is. */
    public synchronized void listBegins() {
        index.clearMarks();
    }

    /** One of the namespaces that are listed. */
    public synchronized void listed(NamespaceView view) {
        int id = take(view, Cause.BACKLOG, false);
        if (id != NamespaceIndex.ABSENT) {
            index.mark(id);
        }
    }

    /**
     * What was not listed has vanished, unless it was seen later than the list was made.
     *
     * @param resourceVersion of the list
     */
    public synchronized void listEnds(long resourceVersion) {
        index.forEachUnmarked(id -> {
            if (index.resourceVersion(id) <= resourceVersion) {
                // An answer to an earlier request that is still on its way must not bring it back.
                index.setResourceVersion(id, resourceVersion);
                vanish(id, Cause.BACKLOG);
            }
        });
    }

    /** The watch tells of a namespace that was made or changed. */
    public synchronized void changed(NamespaceView view) {
        if (!stale(view)) {
            take(view, Cause.LIVE, false);
        }
    }

    /** The watch tells of a namespace that is gone or no longer matches: which of the two, only a GET tells. */
    public synchronized void deleted(NamespaceView view) {
        int id = index.find(view.name());
        if (id != NamespaceIndex.ABSENT && !stale(view)) {
            index.setResourceVersion(id, view.resourceVersion());
            vanish(id, Cause.LIVE);
        }
    }

    /**
     * A worker has read or written the namespace, and this is what the server answered. A namespace that is not known
     * any more stays unknown: the answer is older than its end, of which the feed has told.
     *
     * @param known the resourceVersion that was known when the worker asked; when that is so still, nothing newer can
     *     have been heard
     */
    public synchronized void observed(NamespaceView view, long known) {
        int id = index.find(view.name());
        if (id != NamespaceIndex.ABSENT && (index.resourceVersion(id) == known || !stale(view))) {
            take(view, Cause.LIVE, true);
        }
    }

    /**
     * A worker has found that the namespace is not there. What was heard since it asked is younger, and stays: a
     * namespace can be made anew under the same name.
     *
     * @param known the resourceVersion that was known when the worker asked
     */
    public synchronized void forgotten(String name, long known) {
        int id = index.find(name);
        if (id != NamespaceIndex.ABSENT && index.resourceVersion(id) == known) {
            index.remove(id);
        }
    }

    /**
     * Looks for locks that have run out and for those that are about to. Meant to be called once a second.
     *
     * @param grace how long after its deadline a lock counts as due
     */
    public synchronized void tick(Duration grace) {
        long now = clock.millis();
        index.forEachDeadlineUpTo(now + DAY.toMillis(), id -> approach(id, now, grace.toMillis()));
    }

    private void approach(int id, long now, long grace) {
        int flags = index.flags(id);
        if (Flags.status(flags) != Switch.LOCKED || Flags.has(flags, Flags.TERMINATING | Flags.DUE)) {
            return;
        }
        long deadline = index.deadline(id);
        if (deadline + grace <= now) {
            index.setFlags(id, flags | Flags.DUE | Flags.TOLD_GRACE | Flags.TOLD_HOUR | Flags.TOLD_DAY);
            listener.needed(index.name(id), Cause.LIVE);
            return;
        }
        int passed = passed(deadline, now);
        if ((flags | passed) != flags) {
            index.setFlags(id, flags | passed);
            Notice notice = Flags.has(passed, Flags.TOLD_GRACE)
                    ? Notice.GRACE
                    : Flags.has(passed, Flags.TOLD_HOUR) ? Notice.HOUR : Notice.DAY;
            listener.notice(index.name(id), notice, new Deadline.At(Instant.ofEpochMilli(deadline)));
        }
    }

    /**
     * A worker has found that a lock that was due has not run out: the clock ran ahead for a moment. It will be due
     * when its time has come.
     */
    public synchronized void notDue(String name) {
        int id = index.find(name);
        if (id == NamespaceIndex.ABSENT || !Flags.has(index.flags(id), Flags.DUE)) {
            return;
        }
        int flags = index.flags(id) & ~Flags.DUE;
        index.setFlags(id, flags);
        if (Flags.need(flags) != Need.NOTHING) {
            listener.needed(name, Cause.LIVE);
        }
    }

    /** The moments on the way to a deadline that lie behind us. */
    private static int passed(long deadline, long now) {
        return (deadline - DAY.toMillis() <= now ? Flags.TOLD_DAY : 0)
                | (deadline - HOUR.toMillis() <= now ? Flags.TOLD_HOUR : 0)
                | (deadline <= now ? Flags.TOLD_GRACE : 0);
    }

    /** The quota of a namespace was deleted or altered. */
    public synchronized void quotaDrifted(String namespace) {
        int id = index.find(namespace);
        if (id != NamespaceIndex.ABSENT) {
            drift(id, Cause.LIVE);
        }
    }

    /** The slow scan begins: no quota has been seen yet. */
    public synchronized void scanBegins() {
        index.forEach(id -> index.setFlags(id, index.flags(id) & ~Flags.QUOTA_SEEN));
    }

    /** The slow scan has met the quota of a namespace, and it is as it should be. */
    public synchronized void quotaSeen(String namespace) {
        int id = index.find(namespace);
        if (id != NamespaceIndex.ABSENT) {
            index.setFlags(id, index.flags(id) | Flags.QUOTA_SEEN);
        }
    }

    /** The slow scan is through: a locked namespace whose quota was not seen has none. */
    public synchronized void scanEnds() {
        index.forEach(id -> {
            if (!Flags.has(index.flags(id), Flags.QUOTA_SEEN)) {
                drift(id, Cause.DRIFT);
            }
        });
    }

    private void drift(int id, Cause cause) {
        int flags = index.flags(id);
        boolean underWay = cause == Cause.LIVE && Flags.applied(flags) == Applied.LOCKING;
        boolean settled = Flags.applied(flags) == Applied.LOCKED && Flags.need(flags) == Need.NOTHING;
        if (Flags.status(flags) == Switch.LOCKED && (underWay || settled)) {
            index.setFlags(id, flags | Flags.DRIFTED);
            if (Flags.need(flags | Flags.DRIFTED) != Need.NOTHING) {
                listener.needed(index.name(id), cause);
            }
        }
    }

    /** Namespaces by what their state is, for the metrics. */
    public synchronized Map<Tally, Integer> tally() {
        Map<Tally, Integer> counts = new EnumMap<>(Tally.class);
        for (Tally each : Tally.values()) {
            counts.put(each, 0);
        }
        index.forEach(id -> counts.merge(Tally.of(index.flags(id)), 1, Integer::sum));
        return counts;
    }

    /** Bytes held by the index. */
    public synchronized long memoryBytes() {
        return index.memoryBytes();
    }

    /** Gives back what the index does not use. */
    public synchronized void trim() {
        index.trim();
    }

    /**
     * Takes a view for true; the id, or {@link NamespaceIndex#ABSENT} when the namespace does not concern us (any
     * more).
     */
    private int take(NamespaceView view, Cause cause, boolean byWorker) {
        Switch status = Switch.of(view.status());
        Applied applied = Applied.of(view.applied());
        Deadline deadline = Deadline.parse(view.unlockTimestamp());
        int id = index.find(view.name());
        boolean untouched = applied == Applied.NOTHING && deadline instanceof Deadline.None;
        // The watch does not tell of the end of a namespace without the label, so one that is ending is not kept.
        if (status == Switch.ABSENT && (untouched || view.terminating())) {
            if (id != NamespaceIndex.ABSENT) {
                index.remove(id);
            }
            return NamespaceIndex.ABSENT;
        }
        int before = 0;
        long columnBefore = NamespaceIndex.NO_DEADLINE;
        if (id == NamespaceIndex.ABSENT) {
            id = index.insert(view.name());
        } else {
            before = index.flags(id);
            columnBefore = index.deadline(id);
        }
        LockLength length = LockLength.parse(view.lockDuration());
        long column = column(deadline, length);
        int after = Flags.of(status, applied, deadline, length, view.terminating())
                | kept(before, column == columnBefore, applied)
                | (deadline instanceof Deadline.At ? passedAtSight(column, column == columnBefore) : 0);
        index.setResourceVersion(id, view.resourceVersion());
        index.setDeadline(id, column);
        index.setFlags(id, after);
        Need need = Flags.need(after);
        boolean news = byWorker ? need != Flags.need(before) : before != after || column != columnBefore;
        if (need != Need.NOTHING && news) {
            listener.needed(view.name(), cause);
        }
        if (deadline instanceof Deadline.Unreadable && status == Switch.LOCKED && before != after) {
            listener.notice(view.name(), Notice.UNREADABLE, deadline);
        }
        return id;
    }

    /** The marks that outlive a new view. */
    private static int kept(int before, boolean sameDeadline, Applied applied) {
        int kept = before & Flags.KEPT;
        if (!sameDeadline) {
            kept &= ~Flags.OF_DEADLINE;
        }
        if (applied == Applied.LOCKING && Flags.applied(before) == Applied.LOCKED) {
            // The namespace is locked anew, which mends the drift. What drifts while that is under way is marked again.
            kept &= ~Flags.DRIFTED;
        }
        boolean lockedNow = applied == Applied.LOCKED && Flags.applied(before) != Applied.LOCKED;
        return lockedNow && !Flags.has(kept, Flags.DRIFTED) ? kept | Flags.QUOTA_SEEN : kept;
    }

    /**
     * Nobody is warned of a moment that had passed when the deadline was first seen, or each restart would warn again.
     */
    private int passedAtSight(long deadline, boolean sameDeadline) {
        return sameDeadline ? 0 : passed(deadline, clock.millis());
    }

    private void vanish(int id, Cause cause) {
        int flags = index.flags(id);
        boolean open = Flags.status(flags) == Switch.LOCKED || Flags.touched(flags);
        if (open && !Flags.has(flags, Flags.TERMINATING)) {
            index.setFlags(id, flags | Flags.VANISHED);
            listener.needed(index.name(id), cause);
        } else {
            index.remove(id);
        }
    }

    private boolean stale(NamespaceView view) {
        int id = index.find(view.name());
        return id != NamespaceIndex.ABSENT && view.resourceVersion() < index.resourceVersion(id);
    }

    private NamespaceState state(int id) {
        int flags = index.flags(id);
        long column = index.deadline(id);
        return new NamespaceState(
                index.name(id),
                index.resourceVersion(id),
                Flags.status(flags),
                Flags.applied(flags),
                Flags.deadline(flags, column),
                Flags.length(flags, column - LENGTH_BASE),
                Flags.need(flags));
    }

    private static long column(Deadline deadline, LockLength length) {
        return switch (deadline) {
            case Deadline.At at -> at.instant().toEpochMilli();
            case Deadline.Unreadable() -> NamespaceIndex.NO_DEADLINE;
            case Deadline.None() ->
                length instanceof LockLength.Of(Duration duration)
                        ? LENGTH_BASE + duration.toMillis()
                        : NamespaceIndex.NO_DEADLINE;
        };
    }
}
