package run.clawcloud.block.state;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
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

    private final NamespaceIndex index = new NamespaceIndex();
    private final ChangeListener listener;
    private final Targets targets;
    private final Expiry expiry;
    private final Drift drift;
    private boolean everythingListed;

    /**
     * The newest version that a list or the watch has told of; no list is older, unless the cluster went back in time.
     */
    private long told;

    /** Without BlockRequests. */
    public Namespaces(ChangeListener listener, InstantSource clock) {
        this(listener, clock, Wishes.NONE, Set.of());
    }

    /**
     * Knows of nothing yet.
     *
     * @param wishes what BlockRequests want
     * @param protectedNamespaces never locked
     */
    public Namespaces(ChangeListener listener, InstantSource clock, Wishes wishes, Set<String> protectedNamespaces) {
        this.listener = listener;
        this.targets = new Targets(index, wishes, Set.copyOf(protectedNamespaces), listener);
        this.expiry = new Expiry(index, targets, listener, clock);
        this.drift = new Drift(index, targets, listener);
    }

    /** What is known of a namespace; empty when it does not concern us. */
    public synchronized Optional<NamespaceState> get(String name) {
        int id = index.find(name);
        return id == NamespaceIndex.ABSENT || Flags.has(index.flags(id), Flags.MISSING)
                ? Optional.empty()
                : Optional.of(state(id));
    }

    /**
     * Whether to tell what was read of a namespace: of one that is known, and of one that carries anything of ours.
     * Allocates nothing.
     *
     * @param echoes also what is known already; a watch tells every write of our own, whose answer was observed
     */
    public boolean heeds(NamespaceReading reading, boolean echoes) {
        if (!NamespaceIndex.isName(reading.nameLength())) {
            // No namespace is called that: garbage must not end the feed.
            return false;
        }
        int hash = index.hash(reading.nameBytes(), 0, reading.nameLength());
        // Of nearly all that a cluster tells of, nothing is known: that is found out without the lock.
        return index.mayContain(hash) ? isNews(reading, hash, echoes) : reading.ours();
    }

    private synchronized boolean isNews(NamespaceReading reading, int hash, boolean echoes) {
        int id = index.find(hash, reading.nameBytes(), 0, reading.nameLength());
        if (id == NamespaceIndex.ABSENT) {
            return reading.ours();
        }
        return echoes || index.resourceVersion(id) != reading.resourceVersion();
    }

    /**
     * A list begins. It is taken as it is.
     *
     * @param everything whether all namespaces are listed
     */
    public synchronized void listBegins(boolean everything) {
        everythingListed = everything;
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
     * What was not listed has vanished, unless it was seen later than the list was made. After etcd was restored from a
     * backup, versions say nothing of what is later: then nothing but the list counts.
     *
     * @param resourceVersion of the list
     */
    public synchronized void listEnds(long resourceVersion) {
        boolean restored = resourceVersion < told;
        told = resourceVersion;
        index.forEachUnmarked(id -> {
            if (restored || index.resourceVersion(id) <= resourceVersion) {
                // An answer to an earlier request that is still on its way must not bring it back.
                index.setResourceVersion(id, resourceVersion);
                vanish(id, Flags.VANISHED | Flags.UNLISTED, Cause.BACKLOG);
            }
        });
        targets.listEnds(everythingListed);
    }

    /** The watch tells of a namespace that was made or changed. */
    public synchronized void changed(NamespaceView view) {
        told = Math.max(told, view.resourceVersion());
        if (!stale(view)) {
            take(view, Cause.LIVE, false);
        }
    }

    /** The watch tells of a namespace that is gone or no longer matches: which of the two, only a GET tells. */
    public synchronized void deleted(NamespaceView view) {
        told = Math.max(told, view.resourceVersion());
        int id = index.find(view.name());
        if (id != NamespaceIndex.ABSENT && !stale(view)) {
            index.setResourceVersion(id, view.resourceVersion());
            vanish(id, Flags.VANISHED, Cause.LIVE);
        }
    }

    /**
     * A worker has read or written the namespace, and this is what the server answered. A namespace that is not known
     * any more stays unknown: the answer is older than its end, of which the feed has told. An answer that was read
     * before the selectors changed is passed over: were it noted, the feed's event of the same version would be too,
     * and with it what the selectors that hold now make of it.
     *
     * @param known the resourceVersion that was known when the worker asked; when that is so still, nothing newer can
     *     have been heard
     * @return false when it was passed over for its selectors: what is known is no newer for it
     */
    public synchronized boolean observed(NamespaceView view, long known) {
        if (targets.outdated(view)) {
            return false;
        }
        int id = index.find(view.name());
        boolean gone = id == NamespaceIndex.ABSENT || Flags.has(index.flags(id), Flags.MISSING);
        if (!gone && (index.resourceVersion(id) == known || !stale(view))) {
            take(view, Cause.LIVE, true);
        }
        return true;
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
            targets.drop(id);
        }
    }

    /**
     * Looks for locks that have run out and for those that are about to. Meant to be called once a second.
     *
     * @param grace how long after its deadline a lock counts as due
     */
    public synchronized void tick(Duration grace) {
        expiry.scan(grace);
    }

    /**
     * A worker has found that a lock that was due has not run out: the clock ran ahead for a moment. It will be due
     * when its time has come.
     */
    public synchronized void notDue(String name) {
        ifKnown(name, expiry::notDue);
    }

    /** A worker has found that a lock that was due does not end, because a BlockRequest holds the namespace. */
    public synchronized void heldPastEnd(String name) {
        ifKnown(name, expiry::heldPastEnd);
    }

    /** The quota of a namespace was deleted or altered. */
    public synchronized void quotaDrifted(String namespace) {
        ifKnown(namespace, id -> drift.found(id, Cause.LIVE));
    }

    /** The slow scan begins: no quota has been seen yet. */
    public synchronized void scanBegins() {
        drift.scanBegins();
    }

    /** The slow scan has met the quota of a namespace, and it is as it should be. */
    public synchronized void quotaSeen(String namespace) {
        ifKnown(namespace, drift::quotaSeen);
    }

    /** The slow scan is through: a locked namespace whose quota was not seen has none. */
    public synchronized void scanEnds() {
        drift.scanEnds();
    }

    /**
     * All BlockRequests are known, so that from here on it can be said that nobody holds a namespace.
     *
     * @return whether that was not so before
     */
    public synchronized boolean requestsKnown() {
        return targets.requestsKnown();
    }

    /** These and no others are the names that a BlockRequest names. */
    public synchronized void named(int request, NameList names) {
        targets.named(request, names);
    }

    /** A BlockRequest selects nothing by labels any more. */
    public synchronized void unselected(int request) {
        targets.unselected(request);
    }

    /** What a BlockRequest wants of its namespaces has changed. */
    public synchronized void wishAnew(int request) {
        targets.wishAnew(request);
    }

    /** A BlockRequest is gone. */
    public synchronized void requestRemoved(int request) {
        targets.removed(request);
    }

    /** What is known of a namespace as a target; empty when it is not known or does not exist. */
    public synchronized Optional<Hold> hold(String name) {
        int id = index.find(name);
        return id == NamespaceIndex.ABSENT || Flags.has(index.flags(id), Flags.MISSING)
                ? Optional.empty()
                : Optional.of(targets.hold(id));
    }

    /** What a namespace called for has failed, and is tried again. */
    public synchronized void failed(String namespace, @Nullable String message) {
        ifKnown(namespace, id -> targets.failed(id, Flags.FLOW_FAILED, String.valueOf(message)));
    }

    /** What a namespace called for was done. */
    public synchronized void worked(String namespace) {
        ifKnown(namespace, id -> targets.worked(id, Flags.FAILED));
    }

    /** A worker has found that a namespace calls for nothing any more: what a flow has failed on is done with. */
    public synchronized void nothingToDo(String namespace) {
        ifKnown(namespace, id -> {
            if (Flags.need(index.flags(id)) == Need.NOTHING) {
                targets.worked(id, Flags.FLOW_FAILED);
            }
        });
    }

    /** A namespace could not be made what its BlockRequests want; that is tried again. */
    public synchronized void unsettledFailed(String namespace, @Nullable String message) {
        ifKnown(namespace, id -> targets.failed(id, Flags.UNSETTLED_FAILED, String.valueOf(message)));
    }

    /** A namespace is what its BlockRequests want; what it calls for now may fail on. */
    public synchronized void settled(String namespace) {
        ifKnown(
                namespace,
                id -> targets.worked(
                        id, Flags.need(index.flags(id)) == Need.NOTHING ? Flags.FAILED : Flags.UNSETTLED_FAILED));
    }

    /** How many namespaces of a BlockRequest have yet to be let go or set active, other than those that are held. */
    public synchronized int unsettled(int request) {
        return targets.unsettled(request);
    }

    /**
     * The targets of a BlockRequest by phase.
     *
     * @param locking whether it asks for a lock
     */
    public synchronized Map<TargetPhase, Integer> countTargets(int request, boolean locking) {
        return targets.count(request, locking);
    }

    /**
     * The first so many targets of a BlockRequest: by phase, then by name.
     *
     * @param locking whether it asks for a lock
     */
    public synchronized List<Target> firstTargets(int request, boolean locking, int most) {
        return targets.first(request, locking, most);
    }

    private void ifKnown(String name, IntConsumer action) {
        int id = index.find(name);
        if (id != NamespaceIndex.ABSENT) {
            action.accept(id);
        }
    }

    /**
     * Tells the listener of everything that there is to do, as if it had just been found: to one that has not listened
     * so far.
     */
    public synchronized void tellAll() {
        index.forEach(id -> {
            int flags = index.flags(id);
            if (Flags.has(flags, Flags.UNSETTLED)) {
                listener.unsettled(index.name(id), Cause.BACKLOG);
            }
            if (Flags.need(flags) != Need.NOTHING) {
                listener.needed(index.name(id), Cause.BACKLOG);
            }
        });
    }

    /** Namespaces by what their state is, for the metrics. */
    public synchronized Map<Tally, Integer> tally() {
        Map<Tally, Integer> counts = new EnumMap<>(Tally.class);
        for (Tally each : Tally.values()) {
            counts.put(each, 0);
        }
        index.forEach(id -> {
            if (!Flags.has(index.flags(id), Flags.MISSING | Flags.UNSEEN)) {
                counts.merge(Tally.of(index.flags(id)), 1, Integer::sum);
            }
        });
        return counts;
    }

    /** How many namespaces are locked whose lock runs out within this time, or has. */
    public synchronized int expiring(Duration within) {
        return expiry.within(within);
    }

    /** When the next lock runs out; in the past, when it has; empty when none does by itself. */
    public synchronized Optional<Instant> nextExpiry() {
        return expiry.next(LENGTH_BASE - 1);
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
        boolean untouched = applied == Applied.NOTHING && deadline instanceof Deadline.None;
        // The watch does not tell of the end of a namespace without the label, so one that is ending is not kept.
        boolean ours = status != Switch.ABSENT || !(untouched || view.terminating());
        int id = place(view, ours);
        if (id == NamespaceIndex.ABSENT) {
            return id;
        }
        int before = index.flags(id);
        long columnBefore = index.deadline(id);
        LockLength length = LockLength.parse(view.lockDuration());
        long column = column(deadline, length);
        boolean unsettled = targets.isUnsettled(id, view);
        int after = Flags.of(status, applied, deadline, length, view.terminating())
                | kept(before, column == columnBefore, applied, view.resourceVersion() >= index.resourceVersion(id))
                | (unsettled ? Flags.UNSETTLED : 0)
                | targets.protection(view.name())
                | (deadline instanceof Deadline.At ? passedAtSight(column, column == columnBefore) : 0);
        index.setResourceVersion(id, view.resourceVersion());
        index.setDeadline(id, column);
        targets.setFlags(id, after);
        if (unsettled) {
            if (!byWorker || !Flags.has(before, Flags.UNSETTLED)) {
                listener.unsettled(view.name(), cause);
            }
        } else {
            targets.settled(id);
        }
        targets.tellOfRefusal(id);
        Need need = Flags.need(after);
        boolean sameNeed = need == Flags.need(before);
        // The watch can tell of the first write of a flow before the worker has its answer: whoever is told then would
        // have the flow run again at once, and not even a failure would give it rest.
        boolean begun = sameNeed && applied == Applied.LOCKING && Flags.applied(before) != Applied.LOCKING;
        // The lock that is through may have made its quota before that was deleted, or after: nobody can tell.
        boolean drifted = need == Need.LOCK && applied == Applied.LOCKED && Flags.applied(before) != Applied.LOCKED;
        boolean news = byWorker ? !sameNeed || drifted : !begun && (before != after || column != columnBefore);
        if (need != Need.NOTHING && news) {
            listener.needed(view.name(), cause);
        }
        if (deadline instanceof Deadline.Unreadable && status == Switch.LOCKED && before != after) {
            listener.notice(view.name(), Notice.UNREADABLE, deadline);
        }
        return id;
    }

    /**
     * Where a namespace stands, which takes a place now if it concerns us; {@link NamespaceIndex#ABSENT} if it does
     * not, and what was known of it is forgotten.
     *
     * @param ours whether it does for what it carries; else it may for the sake of BlockRequests
     */
    private int place(NamespaceView view, boolean ours) {
        int id = index.find(view.name());
        if (id == NamespaceIndex.ABSENT) {
            if (!ours && (view.terminating() || !targets.concerned(view))) {
                return NamespaceIndex.ABSENT;
            }
            id = index.insert(view.name());
        }
        targets.matched(id, view);
        boolean wanted = ours || (!view.terminating() && (targets.has(id) || view.heldBy() != null));
        if (!wanted) {
            // An old list can take it back: what the watch tells next is then younger than what is known.
            index.setResourceVersion(id, view.resourceVersion());
            targets.drop(id);
            return NamespaceIndex.ABSENT;
        }
        return id;
    }

    /**
     * The marks that outlive a new view.
     *
     * @param newer false for the view of a list that is older than what was known: it tells of no new lock
     */
    private static int kept(int before, boolean sameDeadline, Applied applied, boolean newer) {
        int kept = before & Flags.KEPT;
        if (!sameDeadline) {
            kept &= ~Flags.OF_DEADLINE;
        }
        if (newer && applied != Applied.LOCKED && Flags.applied(before) != Applied.LOCKING) {
            // The namespace is locked anew, which mends the drift, or was opened. What drifts while a lock is under way
            // is marked again.
            kept &= ~Flags.DRIFTED;
        }
        boolean lockedNow = applied == Applied.LOCKED && Flags.applied(before) != Applied.LOCKED;
        return lockedNow && !Flags.has(kept, Flags.DRIFTED) ? kept | Flags.QUOTA_SEEN : kept;
    }

    /**
     * Nobody is warned of a moment that had passed when the deadline was first seen, or each restart would warn again.
     */
    private int passedAtSight(long deadline, boolean sameDeadline) {
        return sameDeadline ? 0 : expiry.passed(deadline);
    }

    /** @param how {@link Flags#VANISHED}, and what else is known of it */
    private void vanish(int id, int how, Cause cause) {
        int flags = index.flags(id);
        if (Flags.has(flags, Flags.MISSING | Flags.UNSEEN)) {
            return;
        }
        boolean locked = Flags.status(flags) == Switch.LOCKED || Flags.touched(flags);
        if (targets.has(id) && Flags.has(flags, Flags.PROTECTED) && !locked) {
            // Nothing is done to it: it need not be looked for.
            targets.setFlags(id, Flags.UNSEEN | (flags & Flags.KEPT));
            return;
        }
        boolean open = locked || targets.has(id);
        if (!open || Flags.has(flags, Flags.TERMINATING)) {
            targets.drop(id);
        } else if (targets.has(id)) {
            targets.setFlags(id, flags | how | Flags.UNSETTLED);
            listener.unsettled(index.name(id), cause);
        } else {
            targets.setFlags(id, flags | how);
            listener.needed(index.name(id), cause);
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
