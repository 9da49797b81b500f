package run.clawcloud.block.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * The namespaces that matter to us: for each a name of 1 to 63 bytes, a resourceVersion, a deadline and 16 flags, in
 * some 60 bytes all told. What deadline and flags mean is the caller's business.
 *
 * <p>An entry is known by its id, a small number that stays the same as long as the entry lives and is used again after
 * it is removed. Names are bytes; the methods that take or return a {@link String} mean its UTF-8 bytes. A mark for
 * each entry serves mark and sweep: {@link #clearMarks}, {@link #mark} whatever a list contains,
 * {@link #forEachUnmarked} the rest.
 *
 * <p><b>Not thread-safe:</b> the caller guards it. An id of no living entry is a caller's error, and is not always
 * found out. A consumer may remove the entry that it is given and change its columns; it must not insert or remove
 * others.
 *
 * <p>Columns grow by chunks and names by segments, so growth copies next to nothing; only the hash table (4 bytes a
 * slot) is built anew when it is full. It is open-addressed with linear probing; removal shifts back what follows, so
 * there are no tombstones and the table never decays.
 */
public final class NamespaceIndex {

    /** The id of no entry. */
    public static final int ABSENT = -1;

    /** The deadline of an entry that has none. It is past every limit, so that a scan is one comparison an entry. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** The longest name, in bytes: a DNS label of RFC 1123. */
    public static final int MAX_NAME_LENGTH = NameArena.MAX_LENGTH;

    /** Flags are the bits of this mask. */
    public static final int FLAGS_MASK = 0xFFFF;

    private static final int CHUNK_BITS = 12;
    private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK_SIZE - 1;

    /** A slot holds id + 1 in its low bits, so that 0 is an empty slot, and the hash's top bits above them. */
    private static final int SLOT_ID_BITS = 24;

    private static final int SLOT_ID_MASK = (1 << SLOT_ID_BITS) - 1;
    private static final int MAX_ENTRIES = SLOT_ID_MASK;
    private static final int MIN_SLOTS = 1 << 8;

    private final NameHash hash;
    private final NameArena names = new NameArena();

    /**
     * Columns, by id. A living entry's name is its reference in the arena; a free id's is ~(the next free id), below 0.
     */
    private int[][] nameColumn = {};

    private long[][] resourceVersionColumn = {};
    private long[][] deadlineColumn = {};
    private char[][] flagsColumn = {};
    private final BitSet marks = new BitSet();

    private int[] slots = new int[MIN_SLOTS];
    private int size;
    /** Ids that were ever in use: the next one that is not on the list of free ids. */
    private int end;
    /** The head of the list of free ids, {@link #MAX_ENTRIES} at its end. */
    private int free = MAX_ENTRIES;

    /** An empty index. */
    public NamespaceIndex() {
        this(NameHash.FAST);
    }

    NamespaceIndex(NameHash hash) {
        this.hash = hash;
    }

    /** Returns the id of the namespace whose name these bytes are, or {@link #ABSENT}. Allocates nothing. */
    public int find(byte[] source, int offset, int length) {
        return isName(length) ? find(hash.hash(source, offset, length), source, offset, length) : ABSENT;
    }

    /** Returns the id of a namespace, or {@link #ABSENT}. */
    public int find(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return find(bytes, 0, bytes.length);
    }

    /**
     * Returns the id of the namespace whose name these bytes are, which are copied. A new entry has resourceVersion 0,
     * {@link #NO_DEADLINE}, no flags and no mark; one that is there already stays as it is.
     *
     * @throws IllegalArgumentException if the name is empty or longer than {@link #MAX_NAME_LENGTH}
     */
    public int insert(byte[] source, int offset, int length) {
        if (!isName(length)) {
            throw new IllegalArgumentException(
                    "A namespace's name has 1 to " + MAX_NAME_LENGTH + " bytes, this one " + length);
        }
        int nameHash = hash.hash(source, offset, length);
        int present = find(nameHash, source, offset, length);
        if (present != ABSENT) {
            return present;
        }
        if (size >= capacity(slots.length)) {
            rebuildSlots(2 * slots.length);
        }
        int id = allocateId();
        nameColumn[id >>> CHUNK_BITS][id & CHUNK_MASK] = names.add(source, offset, length);
        occupySlot(id, nameHash);
        size++;
        return id;
    }

    /** As {@link #insert(byte[], int, int)}. */
    public int insert(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return insert(bytes, 0, bytes.length);
    }

    /** Removes a living entry; its id may be given to the next one that is inserted. */
    public void remove(int id) {
        int reference = nameReference(id);
        vacateSlot(id, names.hash(reference, hash));
        names.remove(reference);
        nameColumn[id >>> CHUNK_BITS][id & CHUNK_MASK] = ~free;
        free = id;
        setResourceVersion(id, 0);
        setDeadline(id, NO_DEADLINE);
        setFlags(id, 0);
        marks.clear(id);
        size--;
        if (names.isWasteful()) {
            relocateNames();
        }
    }

    /** Returns the number of entries. */
    public int size() {
        return size;
    }

    /** Returns an entry's name, as a new string. */
    public String name(int id) {
        return names.string(nameReference(id));
    }

    /** Whether these bytes are the entry's name. Allocates nothing. */
    public boolean nameEquals(int id, byte[] source, int offset, int length) {
        return names.equals(nameReference(id), source, offset, length);
    }

    /** Returns what was last set, 0 at first. */
    public long resourceVersion(int id) {
        return resourceVersionColumn[id >>> CHUNK_BITS][id & CHUNK_MASK];
    }

    /** Sets the entry's resourceVersion, as a number. */
    public void setResourceVersion(int id, long resourceVersion) {
        resourceVersionColumn[id >>> CHUNK_BITS][id & CHUNK_MASK] = resourceVersion;
    }

    /** Returns what was last set, {@link #NO_DEADLINE} at first; the unit is the caller's. */
    public long deadline(int id) {
        return deadlineColumn[id >>> CHUNK_BITS][id & CHUNK_MASK];
    }

    /** Sets the entry's deadline, or takes it away with {@link #NO_DEADLINE}. */
    public void setDeadline(int id, long deadline) {
        deadlineColumn[id >>> CHUNK_BITS][id & CHUNK_MASK] = deadline;
    }

    /** Returns the entry's flags, 0 at first. */
    public int flags(int id) {
        return flagsColumn[id >>> CHUNK_BITS][id & CHUNK_MASK];
    }

    /**
     * Sets all the entry's flags.
     *
     * @throws IllegalArgumentException if a bit outside {@link #FLAGS_MASK} is set
     */
    public void setFlags(int id, int flags) {
        if ((flags & ~FLAGS_MASK) != 0) {
            throw new IllegalArgumentException("Flags outside the low 16 bits: 0x" + Integer.toHexString(flags));
        }
        flagsColumn[id >>> CHUNK_BITS][id & CHUNK_MASK] = (char) flags;
    }

    /** Calls the consumer with every id, in ascending order. */
    public void forEach(IntConsumer consumer) {
        for (int id = 0; id < end; id++) {
            if (isLive(id)) {
                consumer.accept(id);
            }
        }
    }

    /**
     * Calls the consumer, in ascending order of ids, with every entry whose deadline is at or before the limit. The
     * cost is one comparison an entry.
     *
     * @param limit in the caller's unit, below {@link #NO_DEADLINE}
     */
    public void forEachDeadlineUpTo(long limit, IntConsumer consumer) {
        if (limit == NO_DEADLINE) {
            throw new IllegalArgumentException("The limit has to be below NO_DEADLINE");
        }
        for (int chunk = 0; chunk < deadlineColumn.length; chunk++) {
            long[] deadlines = deadlineColumn[chunk];
            for (int i = 0; i < CHUNK_SIZE; i++) {
                if (deadlines[i] <= limit) {
                    consumer.accept((chunk << CHUNK_BITS) | i);
                }
            }
        }
    }

    /** Takes every entry's mark away. */
    public void clearMarks() {
        marks.clear();
    }

    /** Marks an entry, until {@link #clearMarks} or its removal. */
    public void mark(int id) {
        marks.set(id);
    }

    /** Calls the consumer with every id that was not marked since {@link #clearMarks}, in ascending order. */
    public void forEachUnmarked(IntConsumer consumer) {
        for (int id = marks.nextClearBit(0); id < end; id = marks.nextClearBit(id + 1)) {
            if (isLive(id)) {
                consumer.accept(id);
            }
        }
    }

    /** Returns the bytes of heap that the index takes, garbage and slack included. */
    public long memoryBytes() {
        long chunk = CHUNK_SIZE * (4L + 8 + 8 + 2) + 4 * (16 + 4);
        return nameColumn.length * chunk + slots.length * 4L + marks.size() / 8 + names.memoryBytes();
    }

    /** Gives back what the living entries do not need. Ids stay, so a high id keeps the columns below it. */
    public void trim() {
        relocateNames();
        while (end > 0 && !isLive(end - 1)) {
            end--;
        }
        resizeColumns((end + CHUNK_MASK) >>> CHUNK_BITS);
        free = MAX_ENTRIES;
        for (int id = end - 1; id >= 0; id--) {
            if (!isLive(id)) {
                nameColumn[id >>> CHUNK_BITS][id & CHUNK_MASK] = ~free;
                free = id;
            }
        }
        int wanted = MIN_SLOTS;
        while (capacity(wanted) < size) {
            wanted *= 2;
        }
        if (wanted < slots.length) {
            rebuildSlots(wanted);
        }
    }

    private static boolean isName(int length) {
        return length >= 1 && length <= MAX_NAME_LENGTH;
    }

    private boolean isLive(int id) {
        return nameColumn[id >>> CHUNK_BITS][id & CHUNK_MASK] >= 0;
    }

    private int nameReference(int id) {
        int reference = nameColumn[id >>> CHUNK_BITS][id & CHUNK_MASK];
        if (reference < 0 || id >= end) {
            throw new IllegalArgumentException("No namespace has the id " + id);
        }
        return reference;
    }

    private void relocateNames() {
        for (int id = 0; id < end; id++) {
            if (isLive(id)) {
                int[] references = nameColumn[id >>> CHUNK_BITS];
                references[id & CHUNK_MASK] = names.relocate(references[id & CHUNK_MASK]);
            }
        }
    }

    private int allocateId() {
        if (free != MAX_ENTRIES) {
            int id = free;
            free = ~nameColumn[id >>> CHUNK_BITS][id & CHUNK_MASK];
            return id;
        }
        if (end == MAX_ENTRIES) {
            throw new IllegalStateException("More than " + MAX_ENTRIES + " namespaces");
        }
        if (end == nameColumn.length << CHUNK_BITS) {
            resizeColumns(nameColumn.length + 1);
        }
        return end++;
    }

    private void resizeColumns(int chunks) {
        int before = nameColumn.length;
        nameColumn = Arrays.copyOf(nameColumn, chunks);
        resourceVersionColumn = Arrays.copyOf(resourceVersionColumn, chunks);
        deadlineColumn = Arrays.copyOf(deadlineColumn, chunks);
        flagsColumn = Arrays.copyOf(flagsColumn, chunks);
        for (int chunk = before; chunk < chunks; chunk++) {
            nameColumn[chunk] = new int[CHUNK_SIZE];
            resourceVersionColumn[chunk] = new long[CHUNK_SIZE];
            deadlineColumn[chunk] = new long[CHUNK_SIZE];
            Arrays.fill(deadlineColumn[chunk], NO_DEADLINE);
            flagsColumn[chunk] = new char[CHUNK_SIZE];
        }
    }

    /** Five eighths full at most: a search for a name that is not there then looks at four slots on average. */
    private static int capacity(int slotCount) {
        return slotCount / 8 * 5;
    }

    private int find(int nameHash, byte[] source, int offset, int length) {
        int mask = slots.length - 1;
        for (int i = nameHash & mask; slots[i] != 0; i = (i + 1) & mask) {
            int slot = slots[i];
            if ((slot ^ nameHash) >>> SLOT_ID_BITS == 0) {
                int id = (slot & SLOT_ID_MASK) - 1;
                if (names.equals(nameColumn[id >>> CHUNK_BITS][id & CHUNK_MASK], source, offset, length)) {
                    return id;
                }
            }
        }
        return ABSENT;
    }

    private void occupySlot(int id, int nameHash) {
        int mask = slots.length - 1;
        int i = nameHash & mask;
        while (slots[i] != 0) {
            i = (i + 1) & mask;
        }
        slots[i] = (nameHash & ~SLOT_ID_MASK) | (id + 1);
    }

    /**
     * Knuth's algorithm R (The Art of Computer Programming, volume 3, section 6.4): what follows the hole moves into
     * it, unless its own home lies behind the hole.
     */
    private void vacateSlot(int id, int nameHash) {
        int mask = slots.length - 1;
        int hole = nameHash & mask;
        while ((slots[hole] & SLOT_ID_MASK) != id + 1) {
            hole = (hole + 1) & mask;
        }
        for (int i = (hole + 1) & mask; slots[i] != 0; i = (i + 1) & mask) {
            int home = names.hash(nameReference((slots[i] & SLOT_ID_MASK) - 1), hash) & mask;
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                slots[hole] = slots[i];
                hole = i;
            }
        }
        slots[hole] = 0;
    }

    private void rebuildSlots(int slotCount) {
        // The old table goes first: what it knew stands in the columns, and both at once would be a peak of memory.
        slots = new int[0];
        slots = new int[slotCount];
        for (int id = 0; id < end; id++) {
            if (isLive(id)) {
                occupySlot(id, names.hash(nameColumn[id >>> CHUNK_BITS][id & CHUNK_MASK], hash));
            }
        }
    }
}
