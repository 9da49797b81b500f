package run.clawcloud.block.state;

/**
 * A hash table from names to the ids under which a {@link NameStore} holds them: open addressing in groups of seven
 * slots. A group's control word holds eight bits of each slot's hash, 0 where the slot is empty, so that one comparison
 * of words looks at seven slots; for a name that is not there it nearly always ends the search. The control word's top
 * byte counts the entries that found the group full and went on to the next: a search goes on only where one did, and a
 * removal counts them down again, so there are no tombstones and the table never decays. (The idea is that of F14, see
 * <a href="https://engineering.fb.com/2019/04/25/developer-tools/f14/">Facebook's description</a>.)
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

    private final NameStore names;
    private long[] controls = new long[MIN_GROUPS];
    private int[] ids = new int[MIN_GROUPS * SLOTS];

    IdTable(NameStore names) {
        this.names = names;
    }

    /** Returns the id of a name, or {@link NamespaceIndex#ABSENT}. */
    int find(int hash, byte[] source, int offset, int length) {
        int mask = controls.length - 1;
        long pattern = tag(hash) * ONES;
        int group = hash & mask;
        for (int tries = 0; tries <= mask; tries++) {
            long control = controls[group];
            for (long match = zeroBytes(control ^ pattern); match != 0; match &= match - 1) {
                int id = ids[group * SLOTS + slot(match)];
                if (names.equals(id, source, offset, length)) {
                    return id;
                }
            }
            if (control >>> PASSED_SHIFT == 0) {
                return NamespaceIndex.ABSENT;
            }
            group = (group + 1) & mask;
        }
        return NamespaceIndex.ABSENT;
    }

    /** Adds the id of a name that is not there, where there is {@link #capacity} for it. */
    void add(int id, int hash) {
        int mask = controls.length - 1;
        int group = hash & mask;
        long empty = zeroBytes(controls[group]);
        while (empty == 0) {
            if (controls[group] >>> PASSED_SHIFT < PASSED_MAX) {
                controls[group] += PASSED_ONE;
            }
            group = (group + 1) & mask;
            empty = zeroBytes(controls[group]);
        }
        int slot = slot(empty);
        controls[group] |= tag(hash) << (slot * Byte.SIZE);
        ids[group * SLOTS + slot] = id;
    }

    /** Removes an id that is there. */
    void remove(int id, int hash) {
        int mask = controls.length - 1;
        long pattern = tag(hash) * ONES;
        int group = hash & mask;
        while (true) {
            for (long match = zeroBytes(controls[group] ^ pattern); match != 0; match &= match - 1) {
                int slot = slot(match);
                if (ids[group * SLOTS + slot] == id) {
                    controls[group] &= ~(0xFFL << (slot * Byte.SIZE));
                    return;
                }
            }
            if (controls[group] >>> PASSED_SHIFT < PASSED_MAX) {
                controls[group] -= PASSED_ONE;
            }
            group = (group + 1) & mask;
        }
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
        controls = new long[0];
        ids = new int[0];
        controls = new long[groups];
        ids = new int[groups * SLOTS];
        for (int id = 0; id < names.end(); id++) {
            if (names.isStored(id)) {
                add(id, names.hash(id, hash));
            }
        }
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

    /** The high bit of each of the slots' bytes that is 0. */
    private static long zeroBytes(long word) {
        return ~(((word & LOW_BITS) + LOW_BITS) | word) & HIGH_BITS;
    }

    /** The slot of the lowest bit. */
    private static int slot(long match) {
        return Long.numberOfTrailingZeros(match) / Byte.SIZE;
    }
}
