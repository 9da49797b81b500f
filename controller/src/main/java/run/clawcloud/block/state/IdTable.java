package run.clawcloud.block.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A hash table from names to the ids under which a {@link NameStore} holds them: open addressing in groups of seven
 * slots. A group's control word holds eight bits of each slot's hash, 0 where the slot is empty, so that one comparison
 * of words looks at seven slots; for a name that is not there it nearly always ends the search. The control word's top
 * byte counts the entries that found the group full and went on to another: a search goes on only where one did, and a
 * removal counts them down again, so there are no tombstones. Where names come and go, entries stay away from a home
 * that has room again; full to the brim, a search then looks at four groups and not at one, and no more than that. (The
 * idea is that of F14, see <a href="https://engineering.fb.com/2019/04/25/developer-tools/f14/">Facebook's
 * description</a>.)
 *
 * <p><b>Not thread-safe</b> but for {@link #mayContain}.
 */
final class IdTable {

    private static final int SLOTS = 7;
    private static final int MIN_GROUPS = 1 << 5;

    /** A one in each slot's byte. */
    private static final long ONES = 0x0001010101010101L;

    private static final long LOW_BITS = 0x7F * ONES;
    private static final long HIGH_BITS = 0x80 * ONES;
    private static final int PASSED_SHIFT = Long.SIZE - Byte.SIZE;
    private static final long PASSED_ONE = 1L << PASSED_SHIFT;
    /** A count that got here stays: how many there are is no longer known. */
    private static final int PASSED_MAX = 0xFF;

    /** One group without entries that everything went past: it rules nothing out. */
    private static final long[] IN_THE_MAKING = {PASSED_ONE};

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final NameStore names;
    /** Whoever changes it holds the lock; {@link #mayContain} reads it without. */
    private volatile long[] controls = new long[MIN_GROUPS];

    private int[] ids = new int[MIN_GROUPS * SLOTS];

    IdTable(NameStore names) {
        this.names = names;
    }

    /**
     * Whether a name with this hash may be there. Whoever changes the table meanwhile is not waited for: the answer is
     * no only if there was a moment since the call when no such name was there. For an entry never moves in a table:
     * from its {@link #add} to its {@link #remove}, the groups on the way to it say that one went past them, and its
     * own has its tag. Each says so in a word of its own, written whole, so it does not matter in which order they are
     * read.
     */
    boolean mayContain(int hash) {
        long[] words = controls;
        int mask = words.length - 1;
        long pattern = tag(hash) * ONES;
        int home = hash & mask;
        int group = home;
        do {
            long control = (long) WORDS.getOpaque(words, group);
            if (zeroBytes(control ^ pattern) != 0) {
                return true;
            }
            if (control >>> PASSED_SHIFT == 0) {
                return false;
            }
            group = next(group, hash, mask);
        } while (group != home);
        return true;
    }

    /** Returns the id of a name, or {@link NamespaceIndex#ABSENT}. */
    int find(int hash, byte[] source, int offset, int length) {
        long[] words = controls;
        int mask = words.length - 1;
        long pattern = tag(hash) * ONES;
        int group = hash & mask;
        for (int tries = 0; tries <= mask; tries++) {
            long control = words[group];
            for (long match = zeroBytes(control ^ pattern); match != 0; match &= match - 1) {
                int id = ids[group * SLOTS + slot(match)];
                if (names.equals(id, source, offset, length)) {
                    return id;
                }
            }
            if (control >>> PASSED_SHIFT == 0) {
                return NamespaceIndex.ABSENT;
            }
            group = next(group, hash, mask);
        }
        return NamespaceIndex.ABSENT;
    }

    /** Adds the id of a name that is not there, where there is {@link #capacity} for it. */
    void add(int id, int hash) {
        add(controls, id, hash);
    }

    private void add(long[] words, int id, int hash) {
        int mask = words.length - 1;
        int group = hash & mask;
        long empty = zeroBytes(words[group]);
        while (empty == 0) {
            if (words[group] >>> PASSED_SHIFT < PASSED_MAX) {
                write(words, group, words[group] + PASSED_ONE);
            }
            group = next(group, hash, mask);
            empty = zeroBytes(words[group]);
        }
        int slot = slot(empty);
        ids[group * SLOTS + slot] = id;
        write(words, group, words[group] | (tag(hash) << (slot * Byte.SIZE)));
    }

    /** Removes an id that is there. */
    void remove(int id, int hash) {
        long[] words = controls;
        int mask = words.length - 1;
        long pattern = tag(hash) * ONES;
        int group = hash & mask;
        while (true) {
            for (long match = zeroBytes(words[group] ^ pattern); match != 0; match &= match - 1) {
                int slot = slot(match);
                if (ids[group * SLOTS + slot] == id) {
                    write(words, group, words[group] & ~(0xFFL << (slot * Byte.SIZE)));
                    return;
                }
            }
            if (words[group] >>> PASSED_SHIFT < PASSED_MAX) {
                write(words, group, words[group] - PASSED_ONE);
            }
            group = next(group, hash, mask);
        }
    }

    /** Whole, and seen after what was written before it. */
    private static void write(long[] words, int group, long control) {
        WORDS.setRelease(words, group, control);
    }

    /** How many ids the table takes: 5.5 of the seven slots of a group, so that one name in ten leaves its group. */
    int capacity() {
        return capacity(controls.length);
    }

    /** Makes room for so many ids, or gives back what they do not need, and adds every name of the store anew. */
    void resize(int size, NameHash hash) {
        int groups = MIN_GROUPS;
        while (capacity(groups) < size) {
            groups *= 2;
        }
        if (groups == controls.length) {
            return;
        }
        // The old table goes first: what it knew stands in the store, and both at once would be a peak of memory.
        controls = IN_THE_MAKING;
        ids = new int[0];
        long[] words = new long[groups];
        ids = new int[groups * SLOTS];
        for (int id = 0; id < names.end(); id++) {
            if (names.isStored(id)) {
                add(words, id, names.hash(id, hash));
            }
        }
        controls = words;
    }

    long memoryBytes() {
        return controls.length * 8L + ids.length * 4L + 2 * 16;
    }

    private static int capacity(int groups) {
        return groups * 5 + groups / 2;
    }

    /** The top eight bits of a hash, whose low bits choose the group; never 0. */
    private static long tag(int hash) {
        return Math.max(1, hash >>> (Integer.SIZE - Byte.SIZE));
    }

    /** By an odd stride, which gets to every group, and differs by hash, so that full groups do not form a queue. */
    private static int next(int group, int hash, int mask) {
        return (group + 2 * (int) tag(hash) + 1) & mask;
    }

    /** The high bit of each of the slots' bytes that is 0. */
    private static long zeroBytes(long word) {
        return ~(((word & LOW_BITS) + LOW_BITS) | word) & HIGH_BITS;
    }

    /** The slot of the lowest bit. */
    private static int slot(long match) {
        return Long.numberOfTrailingZeros(match) / Byte.SIZE;
    }
}
