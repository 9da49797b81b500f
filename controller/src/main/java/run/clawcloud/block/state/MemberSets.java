package run.clawcloud.block.state;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The distinct sets of members that namespaces have, each kept once under a small number: a hundred thousand namespaces
 * of the same requests cost one set and a number each. A member is a {@link Member} packed into an int. A set is kept
 * for as long as somebody has acquired it; {@link #EMPTY} always. What a set's members want of a namespace, its
 * {@link Wish}, is worked out once a set.
 *
 * <p><b>Not thread-safe:</b> {@link Namespaces} guards it.
 */
final class MemberSets {

    /** The number of the set without members. */
    static final int EMPTY = 0;

    private static final class Entry {
        private final int[] members;
        private Wish wish;
        private int users;

        Entry(int[] members, Wish wish) {
            this.members = members;
            this.wish = wish;
        }
    }

    private final Wishes wishes;
    /** By the members, ascending. */
    private final Map<IntBuffer, Integer> numbers = new HashMap<>();

    private final List<@Nullable Entry> entries = new ArrayList<>();
    private final List<Integer> free = new ArrayList<>();

    MemberSets(Wishes wishes) {
        this.wishes = wishes;
        acquire();
    }

    /** The number of the set of these members, ascending; it is kept until it is released as often as acquired. */
    int acquire(int... members) {
        int set = numbers.computeIfAbsent(IntBuffer.wrap(members), _ -> add(members));
        entry(set).users++;
        return set;
    }

    /** The counterpart of {@link #acquire}. */
    void release(int set) {
        Entry entry = entry(set);
        entry.users--;
        if (entry.users == 0 && set != EMPTY) {
            numbers.remove(IntBuffer.wrap(entry.members));
            entries.set(set, null);
            free.add(set);
        }
    }

    boolean contains(int set, int member) {
        return Arrays.binarySearch(members(set), member) >= 0;
    }

    /** Packed, ascending; not to be changed. */
    int[] members(int set) {
        return entry(set).members;
    }

    /** What the members want, as of the last {@link #wishAnew}. */
    Wish wish(int set) {
        return entry(set).wish;
    }

    /**
     * Works out the wishes of all sets with a member of the request anew.
     *
     * @return by set, whether its wish is another one now and something may have to be done for it
     */
    boolean[] wishAnew(int request) {
        boolean[] changed = new boolean[entries.size()];
        for (int set = 0; set < changed.length; set++) {
            Entry entry = entries.get(set);
            if (entry != null && has(entry, request)) {
                Wish wish = wishes.of(entry.members);
                changed[set] = wish.callsForMoreThan(entry.wish);
                entry.wish = wish;
            }
        }
        return changed;
    }

    /** By set, whether it has a member of the request. */
    boolean[] having(int request) {
        boolean[] having = new boolean[entries.size()];
        for (int set = 0; set < having.length; set++) {
            Entry entry = entries.get(set);
            having[set] = entry != null && has(entry, request);
        }
        return having;
    }

    /** How many sets are kept, the empty one included. */
    int size() {
        return numbers.size();
    }

    private static boolean has(Entry entry, int request) {
        int place = Arrays.binarySearch(entry.members, Member.first(request));
        int at = place < 0 ? ~place : place;
        return at < entry.members.length && Member.unpack(entry.members[at]).request() == request;
    }

    private int add(int... members) {
        Entry entry = new Entry(members, wishes.of(members));
        if (free.isEmpty()) {
            entries.add(entry);
            return entries.size() - 1;
        }
        int number = free.removeLast();
        entries.set(number, entry);
        return number;
    }

    private Entry entry(int set) {
        return Objects.requireNonNull(entries.get(set));
    }
}
