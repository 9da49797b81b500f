package run.clawcloud.block.state;

import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntConsumer;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.state.ChangeListener.Cause;
import run.clawcloud.block.state.Member.Bond;

/**
 * Which namespaces belong to which BlockRequests, and whether each is as they want it. A namespace that is not is
 * <em>unsettled</em>: until it is, nothing else is done to it, so that none is unlocked that a request holds, and none
 * expires that a request has released.
 *
 * <p><b>Not thread-safe:</b> {@link Namespaces} guards it.
 */
final class Targets {

    private static final int MOST_FAILURES = 1_000;
    private static final Comparator<Target> FIRST =
            Comparator.comparing(Target::phase).thenComparing(Target::namespace);

    private final NamespaceIndex index;
    private final Wishes wishes;
    private final MemberSets sets;
    private final Set<String> protectedNamespaces;
    private final ChangeListener listener;
    /** By namespace; the flag {@link Flags#FAILED} tells of those beyond the bound. */
    private final Map<String, String> failures = new HashMap<>();

    private boolean requestsKnown;
    private boolean listed;
    private int missing;

    Targets(NamespaceIndex index, Wishes wishes, Set<String> protectedNamespaces, ChangeListener listener) {
        this.index = index;
        this.wishes = wishes;
        this.sets = new MemberSets(wishes);
        this.protectedNamespaces = protectedNamespaces;
        this.listener = listener;
        this.requestsKnown = wishes.equals(Wishes.NONE);
    }

    // Entries: whoever sets flags or removes an entry does it here.

    /** Sets an entry's flags, and tells its requests. */
    void setFlags(int id, int flags) {
        int before = index.flags(id);
        if (before != flags) {
            index.setFlags(id, flags);
            countMissing(before, flags);
            tell(index.set(id));
        }
    }

    /** The entry's namespace is gone, or is none of ours; what a request names is still waited for. */
    void drop(int id) {
        worked(id, Flags.FAILED);
        replace(id, Member.retain(members(id), member -> member.bond() == Bond.NAMED));
        if (has(id)) {
            index.setDeadline(id, NamespaceIndex.NO_DEADLINE);
            setFlags(id, Flags.MISSING | (index.flags(id) & Flags.PROTECTED));
        } else {
            remove(id);
        }
    }

    private void remove(int id) {
        worked(id, Flags.FAILED);
        setFlags(id, 0);
        index.remove(id);
    }

    private void countMissing(int before, int after) {
        int change = (Flags.has(after, Flags.MISSING) ? 1 : 0) - (Flags.has(before, Flags.MISSING) ? 1 : 0);
        boolean any = missing > 0;
        missing += change;
        if (any != missing > 0) {
            listener.missing(missing > 0);
        }
    }

    /** The flag of a namespace that is never locked. */
    int protection(String name) {
        return protectedNamespaces.contains(name) ? Flags.PROTECTED : 0;
    }

    // Views.

    /** Whether the namespace is a target of some request. */
    boolean has(int id) {
        return index.set(id) != MemberSets.EMPTY;
    }

    /** Whether a namespace that nothing is known of is to be known for its requests' sake. */
    boolean concerned(NamespaceView view) {
        boolean[] any = {view.heldBy() != null};
        if (!outdated(view)) {
            view.matches().forEach(request -> any[0] |= wishes.selects(request));
        }
        return any[0];
    }

    /** Whether the selectors have changed since the view was held against them. */
    boolean outdated(NamespaceView view) {
        return view.matches().edition() != wishes.edition();
    }

    /** Takes over what the selectors say. A namespace that is ending matches none. */
    void matched(int id, NamespaceView view) {
        if (view.terminating()) {
            replace(id, Member.retain(members(id), member -> member.bond() == Bond.NAMED));
            return;
        }
        if (outdated(view)) {
            return;
        }
        view.matches().forEach(request -> {
            if (wishes.selects(request)) {
                replace(id, Member.with(members(id), Member.pack(request, Bond.SELECTED)));
            }
        });
        for (int packed : members(id)) {
            Member member = Member.unpack(packed);
            if (member.bond() == Bond.SELECTED
                    && view.matches().known(member.request())
                    && !view.matches().contains(member.request())) {
                replace(id, without(id, member));
            }
        }
    }

    /** Whether the namespace, as it is seen now, has yet to become what its requests want. */
    boolean isUnsettled(int id, NamespaceView view) {
        if (view.terminating()) {
            return false;
        }
        if (!requestsKnown) {
            return view.heldBy() != null;
        }
        Wish wish = sets.wish(index.set(id));
        if (Flags.has(protection(view.name()), Flags.PROTECTED)) {
            return !wish.holds() && view.heldBy() != null && !Names.ALWAYS_PROTECTED.contains(view.name());
        }
        return !wish.fulfilledBy(view);
    }

    /** Has people told, once, that a protected namespace is not locked although a request asks for it. */
    void tellOfRefusal(int id) {
        int flags = index.flags(id);
        boolean refused = Flags.has(flags, Flags.PROTECTED)
                && !Flags.has(flags, Flags.MISSING)
                && sets.wish(index.set(id)).holds();
        if (refused && !Flags.has(flags, Flags.TOLD_REFUSED)) {
            listener.unsettled(index.name(id), Cause.LIVE);
        }
        setFlags(id, refused ? flags | Flags.TOLD_REFUSED : flags & ~Flags.TOLD_REFUSED);
    }

    /** The namespace is as its requests want it: those that gave it up are done with it. */
    void settled(int id) {
        replace(id, Member.retain(members(id), member -> member.bond() != Bond.LEAVING));
    }

    /**
     * A list is through: what it does not have has to be looked for one by one, or does not exist. What was named while
     * it was under way has to be looked for: the list may have passed it by before that.
     */
    void listEnds(boolean everything) {
        listed = true;
        index.forEachInASet(id -> {
            if (Flags.has(index.flags(id), Flags.UNSEEN)) {
                if (everything && !index.isMarked(id)) {
                    drop(id);
                } else if (Flags.has(index.flags(id), Flags.UNSETTLED)) {
                    listener.unsettled(index.name(id), Cause.BACKLOG);
                }
            }
        });
    }

    // Requests.

    /** All requests are known: only now can it be said that nobody holds a namespace. Whether that is new. */
    boolean requestsKnown() {
        boolean before = requestsKnown;
        requestsKnown = true;
        return !before;
    }

    /** These and no others are the names that a request names. */
    void named(int request, NameList names) {
        int member = Member.pack(request, Bond.NAMED);
        BitSet ids = new BitSet();
        names.forEach((source, offset, length) -> {
            int id = index.find(source, offset, length);
            if (id == NamespaceIndex.ABSENT) {
                id = index.insert(source, offset, length);
                setFlags(id, Flags.UNSEEN | protection(index.name(id)));
                // A list that is under way may have passed it already, when it concerned nobody.
                index.mark(id);
            }
            ids.set(id);
            move(id, Member.with(members(id), member));
        });
        index.forEachInASet(id -> {
            if (!ids.get(id) && sets.contains(index.set(id), member)) {
                move(id, without(id, Member.unpack(member)));
            }
        });
    }

    /** A request selects nothing by labels any more. */
    void unselected(int request) {
        int member = Member.pack(request, Bond.SELECTED);
        index.forEachInASet(id -> {
            if (sets.contains(index.set(id), member)) {
                move(id, without(id, Member.unpack(member)));
            }
        });
    }

    /** What a request wants has changed. */
    void wishAnew(int request) {
        boolean[] changed = sets.wishAnew(request);
        index.forEachInASet(id -> {
            if (changed[index.set(id)]) {
                tell(index.set(id));
                unsettle(id);
            }
        });
    }

    /** A request is gone. */
    void removed(int request) {
        boolean[] having = sets.having(request);
        index.forEachInASet(id -> {
            if (having[index.set(id)]) {
                move(id, Member.retain(members(id), member -> member.request() != request));
            }
        });
    }

    private int[] members(int id) {
        return sets.members(index.set(id));
    }

    /** The entry's members without one, which takes leave first if the namespace has to be released for it. */
    private int[] without(int id, Member gone) {
        Wish before = sets.wish(index.set(id));
        int[] rest = Member.retain(members(id), member -> !member.equals(gone));
        boolean release = before.holds()
                && !wishes.of(rest).equals(before)
                && !Flags.has(index.flags(id), Flags.PROTECTED | Flags.MISSING | Flags.UNSEEN);
        return release ? Member.with(rest, Member.pack(gone.request(), Bond.LEAVING)) : rest;
    }

    /** Gives an entry other members, and sees to it that what is then wanted is done. */
    private void move(int id, int... members) {
        Wish before = sets.wish(index.set(id));
        replace(id, members);
        int flags = index.flags(id);
        if (!has(id) && (Flags.has(flags, Flags.MISSING | Flags.UNSEEN) || Flags.isPlain(flags))) {
            remove(id);
        } else if (sets.wish(index.set(id)).callsForMoreThan(before)) {
            unsettle(id);
        }
    }

    private void replace(int id, int... members) {
        int before = index.set(id);
        int after = sets.acquire(members);
        if (before != after) {
            tell(before);
            tell(after);
        }
        index.setSet(id, after);
        sets.release(before);
    }

    private void unsettle(int id) {
        int flags = index.flags(id);
        if (Flags.has(flags, Flags.MISSING | Flags.TERMINATING)) {
            return;
        }
        if (Flags.has(flags, Flags.PROTECTED)) {
            tellOfRefusal(id);
            boolean lockedBefore = Flags.status(flags) == Switch.LOCKED
                    && !sets.wish(index.set(id)).holds()
                    && !Names.ALWAYS_PROTECTED.contains(index.name(id));
            if (!lockedBefore && !Flags.has(flags, Flags.UNSETTLED)) {
                return;
            }
        }
        setFlags(id, index.flags(id) | Flags.UNSETTLED);
        if (listed || !Flags.has(flags, Flags.UNSEEN)) {
            listener.unsettled(index.name(id), Cause.LIVE);
        }
    }

    private void tell(int set) {
        int told = -1;
        for (int packed : sets.members(set)) {
            int request = Member.unpack(packed).request();
            if (request != told) {
                listener.targetChanged(request);
                told = request;
            }
        }
    }

    // Reports.

    /** What is known of an entry as a target. Nothing is to be done to it before it is known who holds it. */
    Hold hold(int id) {
        Wish wish = sets.wish(index.set(id));
        int flags = index.flags(id);
        return new Hold(
                wish,
                index.resourceVersion(id),
                requestsKnown && Flags.has(flags, Flags.UNSETTLED),
                wish.holds() && Flags.has(flags, Flags.PROTECTED));
    }

    /** @param what a mark of {@link Flags#FAILED} */
    void failed(int id, int what, String message) {
        String name = index.name(id);
        if (failures.size() < MOST_FAILURES || failures.containsKey(name)) {
            failures.put(name, message);
        }
        setFlags(id, index.flags(id) | what);
        tell(index.set(id));
    }

    /** @param what marks of {@link Flags#FAILED} */
    void worked(int id, int what) {
        int after = index.flags(id) & ~what;
        if (!Flags.has(after, Flags.FAILED)) {
            failures.remove(index.name(id));
        }
        setFlags(id, after);
    }

    /** How many namespaces have yet to be let go or set active; those that another request holds are not among them. */
    int unsettled(int request) {
        int[] count = {0};
        forEach(request, id -> count[0] += isUnreleased(id) ? 1 : 0);
        return count[0];
    }

    private boolean isUnreleased(int id) {
        return Flags.has(index.flags(id), Flags.UNSETTLED)
                && !sets.wish(index.set(id)).holds();
    }

    /** The targets of a request by phase. */
    Map<TargetPhase, Integer> count(int request, boolean locking) {
        Map<TargetPhase, Integer> counts = new EnumMap<>(TargetPhase.class);
        for (TargetPhase each : TargetPhase.values()) {
            counts.put(each, 0);
        }
        forEachTarget(request, id -> counts.merge(phase(id, locking), 1, Integer::sum));
        return counts;
    }

    /** The first so many targets of a request: by phase, then by name. */
    List<Target> first(int request, boolean locking, int most) {
        PriorityQueue<Target> kept = new PriorityQueue<>(FIRST.reversed());
        forEachTarget(request, id -> {
            TargetPhase phase = phase(id, locking);
            Target last = kept.size() < most ? null : kept.peek();
            if (last == null || phase.compareTo(last.phase()) <= 0) {
                String message = phase == TargetPhase.FAILED ? message(id) : "";
                kept.add(new Target(index.name(id), phase, message));
                if (kept.size() > most) {
                    kept.remove();
                }
            }
        });
        return kept.stream().sorted(FIRST).toList();
    }

    private void forEach(int request, IntConsumer consumer) {
        boolean[] having = sets.having(request);
        index.forEachInASet(id -> {
            if (having[index.set(id)]) {
                consumer.accept(id);
            }
        });
    }

    /** Without those that the request has given up. */
    private void forEachTarget(int request, IntConsumer consumer) {
        int named = Member.pack(request, Bond.NAMED);
        int selected = Member.pack(request, Bond.SELECTED);
        forEach(request, id -> {
            int set = index.set(id);
            if (sets.contains(set, named) || sets.contains(set, selected)) {
                consumer.accept(id);
            }
        });
    }

    private TargetPhase phase(int id, boolean locking) {
        int flags = index.flags(id);
        boolean overruled = !locking && sets.wish(index.set(id)).holds();
        if (overruled || Flags.has(flags, Flags.PROTECTED | Flags.MISSING | Flags.TERMINATING | Flags.FAILED)) {
            return TargetPhase.FAILED;
        }
        if (Flags.has(flags, Flags.UNSETTLED) || (locking && Flags.has(flags, Flags.UNSEEN))) {
            return TargetPhase.PENDING;
        }
        boolean locked = Flags.status(flags) == Switch.LOCKED;
        if (locked) {
            return Flags.applied(flags) == Applied.LOCKED ? TargetPhase.LOCKED : TargetPhase.LOCKING;
        }
        return Flags.touched(flags) ? TargetPhase.UNLOCKING : TargetPhase.ACTIVE;
    }

    private String message(int id) {
        int flags = index.flags(id);
        if (Flags.has(flags, Flags.PROTECTED)) {
            return "is protected";
        }
        if (Flags.has(flags, Flags.MISSING)) {
            return "does not exist";
        }
        if (Flags.has(flags, Flags.TERMINATING)) {
            return "is being deleted";
        }
        if (Flags.has(flags, Flags.FAILED)) {
            return failures.getOrDefault(index.name(id), "failed; the controller's log says why");
        }
        return "is held by "
                + Objects.requireNonNullElse(sets.wish(index.set(id)).heldBy(), "another request");
    }
}
