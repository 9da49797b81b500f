package run.clawcloud.block.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * The namespaces that matter to us: for each a name of 1 to 63 bytes, a resourceVersion, a deadline, 32 flags and a
 * number for the set that it belongs to, in some 60 bytes all told. What deadline, flags and sets mean is the caller's
 * business.
 *
 * <p>An entry is known by its id, a small number that stays the same as long as the entry lives and is used again after
 * it is removed. Names are bytes; the methods that take or return a {@link String} mean its UTF-8 bytes. A mark for
 * each entry serves mark and sweep: {@link #clearMarks}, {@link #mark} whatever a list contains,
 * {@link #forEachUnmarked} the rest.
 *
 * <p><b>Not thread-safe</b> but for {@link #mayContain}: the caller guards it. An id of no living entry is a caller's
 * error, and is not always found out. A consumer may remove the entry that it is given and change its columns; it must
 * not insert or remove others.
 *
 * <p>Columns grow by chunks and names by segments, so growth copies next to nothing; only the hash table is built anew
 * when it is full. Removal leaves no tombstones, so an index in which names come and go does not decay.
 */
public final class NamespaceIndex {

    /** The id of no entry. */
    public static final int ABSENT = -1;

    /** The deadline of an entry that has none. It is past every limit, so that a scan is one comparison an entry. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** The longest name, in bytes: a DNS label of RFC 1123. */
    public static final int MAX_NAME_LENGTH = NameArena.MAX_LENGTH;

    private static final int[] NONE = {};

    private final NameHash hash;
    private final NameStore names = new NameStore();
    private final IdTable table = new IdTable(names);

    /** Columns, in chunks, by id. */
    private long[][] resourceVersions = {};

    private long[][] deadlines = {};
    private int[][] flags = {};
    /** Chunks come into being when a set other than 0 is set: without BlockRequests there are none. */
    private int[][] sets = {};

    private final BitSet marks = new BitSet();

    /** An empty index. */
    public NamespaceIndex() {
        this(NameHash.KEYED);
    }

    NamespaceIndex(NameHash hash) {
        this.hash = hash;
    }

    /** What {@link #mayContain} and {@link #find(int, byte[], int, int)} know a name by; any thread may ask. */
    int hash(byte[] source, int offset, int length) {
        return hash.hash(source, offset, length);
    }

    /**
     * Whether there may be an entry whose name has this hash; of a hundred names that are not there, this says yes of a
     * few. The one question about entries that any thread may ask at any time: the answer is no only if there was a
     * moment since the call when there was no such entry. Allocates nothing.
     */
    boolean mayContain(int nameHash) {
        return table.mayContain(nameHash);
    }

    /** As {@link #find(byte[], int, int)}, for a name whose hash is known. */
    int find(int nameHash, byte[] source, int offset, int length) {
        return isName(length) ? table.find(nameHash, source, offset, length) : ABSENT;
    }

    /** Returns the id of the namespace whose name these bytes are, or {@link #ABSENT}. Allocates nothing. */
    public int find(byte[] source, int offset, int length) {
        return find(hash(source, offset, length), source, offset, length);
    }

    /** Returns the id of a namespace, or {@link #ABSENT}. */
    public int find(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return find(bytes, 0, bytes.length);
    }

    /**
     * Returns the id of the namespace whose name these bytes are, which are copied. A new entry has resourceVersion 0,
     * {@link #NO_DEADLINE}, no flags, set 0 and no mark; one that is there already stays as it is.
     *
     * @throws IllegalArgumentException if the name is empty or longer than {@link #MAX_NAME_LENGTH}
     */
    public int insert(byte[] source, int offset, int length) {
        if (!isName(length)) {
            throw new IllegalArgumentException(
                    "A namespace's name has 1 to " + MAX_NAME_LENGTH + " bytes, this one " + length);
        }
        int nameHash = hash.hash(source, offset, length);
        int present = table.find(nameHash, source, offset, length);
        if (present != ABSENT) {
            return present;
        }
        if (names.size() >= table.capacity()) {
            table.resize(names.size() + 1, hash);
        }
        int id = names.add(source, offset, length);
        resizeColumns(names.chunks());
        table.add(id, nameHash);
        return id;
    }

    /** As {@link #insert(byte[], int, int)}. */
    public int insert(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return insert(bytes, 0, bytes.length);
    }

    /** Removes a living entry; its id may be given to the next one that is inserted. */
    public void remove(int id) {
        table.remove(id, names.hash(id, hash));
        names.remove(id);
        setResourceVersion(id, 0);
        setDeadline(id, NO_DEADLINE);
        setFlags(id, 0);
        setSet(id, 0);
        marks.clear(id);
    }

    /** Returns the number of entries. */
    public int size() {
        return names.size();
    }

    /** Returns an entry's name, as a new string. */
    public String name(int id) {
        return names.string(id);
    }

    /** Whether these bytes are the entry's name. Allocates nothing. */
    public boolean nameEquals(int id, byte[] source, int offset, int length) {
        return names.equals(id, source, offset, length);
    }

    /** Returns what was last set, 0 at first. */
    public long resourceVersion(int id) {
        return resourceVersions[id >>> NameStore.CHUNK_BITS][id & NameStore.CHUNK_MASK];
    }

    /** Sets the entry's resourceVersion, as a number. */
    public void setResourceVersion(int id, long resourceVersion) {
        resourceVersions[id >>> NameStore.CHUNK_BITS][id & NameStore.CHUNK_MASK] = resourceVersion;
    }

    /** Returns what was last set, {@link #NO_DEADLINE} at first; the unit is the caller's. */
    public long deadline(int id) {
        return deadlines[id >>> NameStore.CHUNK_BITS][id & NameStore.CHUNK_MASK];
    }

    /** Sets the entry's deadline, or takes it away with {@link #NO_DEADLINE}. */
    public void setDeadline(int id, long deadline) {
        deadlines[id >>> NameStore.CHUNK_BITS][id & NameStore.CHUNK_MASK] = deadline;
    }

    /** Returns the entry's flags, 0 at first. */
    public int flags(int id) {
        return flags[id >>> NameStore.CHUNK_BITS][id & NameStore.CHUNK_MASK];
    }

    /** Sets all the entry's flags. */
    public void setFlags(int id, int flags) {
        this.flags[id >>> NameStore.CHUNK_BITS][id & NameStore.CHUNK_MASK] = flags;
    }

    /** Returns the number of the entry's set as it was last set, 0 at first. */
    public int set(int id) {
        int[] chunk = sets[id >>> NameStore.CHUNK_BITS];
        return chunk.length == 0 ? 0 : chunk[id & NameStore.CHUNK_MASK];
    }

    /** Sets the number of the entry's set. */
    public void setSet(int id, int set) {
        int chunk = id >>> NameStore.CHUNK_BITS;
        if (sets[chunk].length == 0) {
            if (set == 0) {
                return;
            }
            sets[chunk] = new int[NameStore.CHUNK_SIZE];
        }
        sets[chunk][id & NameStore.CHUNK_MASK] = set;
    }

    /** Calls the consumer with the id of every entry whose set is not 0, in ascending order. */
    public void forEachInASet(IntConsumer consumer) {
        for (int chunk = 0; chunk < sets.length; chunk++) {
            int[] column = sets[chunk];
            for (int i = 0; i < column.length; i++) {
                if (column[i] != 0) {
                    consumer.accept((chunk << NameStore.CHUNK_BITS) | i);
                }
            }
        }
    }

    /** Calls the consumer with every id, in ascending order. */
    public void forEach(IntConsumer consumer) {
        for (int id = 0; id < names.end(); id++) {
            if (names.isStored(id)) {
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
        for (int chunk = 0; chunk < deadlines.length; chunk++) {
            long[] column = deadlines[chunk];
            for (int i = 0; i < NameStore.CHUNK_SIZE; i++) {
                if (column[i] <= limit) {
                    consumer.accept((chunk << NameStore.CHUNK_BITS) | i);
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

    /** Whether the entry was marked since {@link #clearMarks}. */
    public boolean isMarked(int id) {
        return marks.get(id);
    }

    /** Calls the consumer with every id that was not marked since {@link #clearMarks}, in ascending order. */
    public void forEachUnmarked(IntConsumer consumer) {
        for (int id = marks.nextClearBit(0); id < names.end(); id = marks.nextClearBit(id + 1)) {
            if (names.isStored(id)) {
                consumer.accept(id);
            }
        }
    }

    /** Returns the bytes of heap that the index takes, garbage and slack included. */
    public long memoryBytes() {
        long chunk = NameStore.CHUNK_SIZE * (8L + 8 + 4) + 3 * (16 + 4);
        long setChunks =
                Arrays.stream(sets).mapToLong(each -> each.length * 4L + 16 + 4).sum();
        return flags.length * chunk + setChunks + marks.size() / 8 + names.memoryBytes() + table.memoryBytes();
    }

    /** Gives back what the living entries do not need. Ids stay, so a high id keeps the columns below it. */
    public void trim() {
        names.trim();
        resizeColumns(names.chunks());
        table.resize(names.size(), hash);
    }

    /** Whether a name can have so many bytes. */
    static boolean isName(int length) {
        return length >= 1 && length <= MAX_NAME_LENGTH;
    }

    private void resizeColumns(int chunks) {
        int before = flags.length;
        if (chunks == before) {
            return;
        }
        resourceVersions = Arrays.copyOf(resourceVersions, chunks);
        deadlines = Arrays.copyOf(deadlines, chunks);
        flags = Arrays.copyOf(flags, chunks);
        sets = Arrays.copyOf(sets, chunks);
        for (int chunk = before; chunk < chunks; chunk++) {
            resourceVersions[chunk] = new long[NameStore.CHUNK_SIZE];
            deadlines[chunk] = new long[NameStore.CHUNK_SIZE];
            Arrays.fill(deadlines[chunk], NO_DEADLINE);
            flags[chunk] = new int[NameStore.CHUNK_SIZE];
            sets[chunk] = NONE;
        }
    }
}
