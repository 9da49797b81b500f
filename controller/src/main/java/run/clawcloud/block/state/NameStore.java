package run.clawcloud.block.state;

import java.util.Arrays;

/**
 * Names by id: a small number that stays the same as long as the name is stored, and is used again afterwards. The
 * names themselves lie in a {@link NameArena}; a column of references in chunks tells where, so growth copies next to
 * nothing.
 */
final class NameStore {

    static final int MAX_IDS = (1 << 24) - 1;

    static final int CHUNK_BITS = 10;
    static final int CHUNK_SIZE = 1 << CHUNK_BITS;
    static final int CHUNK_MASK = CHUNK_SIZE - 1;

    private final NameArena arena = new NameArena();

    /** By id: a stored name's reference in the arena; a free id's is ~(the next free id), below 0. */
    private int[][] references = {};

    private int size;
    /** Ids that were ever in use: the next one that is not on the list of free ids. */
    private int end;
    /** The head of the list of free ids, {@link #MAX_IDS} at its end. */
    private int free = MAX_IDS;

    /** Stores a name of 1 to {@link NameArena#MAX_LENGTH} bytes, and returns its id. */
    int add(byte[] source, int offset, int length) {
        int id = allocateId();
        references[id >>> CHUNK_BITS][id & CHUNK_MASK] = arena.add(source, offset, length);
        size++;
        return id;
    }

    /** Removes a stored name. */
    void remove(int id) {
        arena.remove(reference(id));
        references[id >>> CHUNK_BITS][id & CHUNK_MASK] = ~free;
        free = id;
        size--;
        if (arena.isWasteful()) {
            relocate();
        }
    }

    int size() {
        return size;
    }

    /** Returns a number that every id of a stored name is below. */
    int end() {
        return end;
    }

    /** Returns the number of chunks that hold the ids below {@link #end}. */
    int chunks() {
        return references.length;
    }

    /** Whether a name is stored under an id that is below {@link #end}. */
    boolean isStored(int id) {
        return references[id >>> CHUNK_BITS][id & CHUNK_MASK] >= 0;
    }

    /** Whether these bytes are the name that is stored under the id. */
    boolean equals(int id, byte[] source, int offset, int length) {
        return arena.equals(reference(id), source, offset, length);
    }

    int hash(int id, NameHash function) {
        return arena.hash(reference(id), function);
    }

    String string(int id) {
        return arena.string(reference(id));
    }

    long memoryBytes() {
        return references.length * (CHUNK_SIZE * 4L + 16 + 4) + arena.memoryBytes();
    }

    /** Closes the gaps between the names and drops the chunks after the last one. */
    void trim() {
        relocate();
        while (end > 0 && !isStored(end - 1)) {
            end--;
        }
        references = Arrays.copyOf(references, (end + CHUNK_MASK) >>> CHUNK_BITS);
        free = MAX_IDS;
        for (int id = end - 1; id >= 0; id--) {
            if (!isStored(id)) {
                references[id >>> CHUNK_BITS][id & CHUNK_MASK] = ~free;
                free = id;
            }
        }
    }

    private int reference(int id) {
        int reference = references[id >>> CHUNK_BITS][id & CHUNK_MASK];
        if (reference < 0 || id >= end) {
            throw new IllegalArgumentException("No namespace has the id " + id);
        }
        return reference;
    }

    private int allocateId() {
        if (free != MAX_IDS) {
            int id = free;
            free = ~references[id >>> CHUNK_BITS][id & CHUNK_MASK];
            return id;
        }
        if (end == MAX_IDS) {
            throw new IllegalStateException("More than " + MAX_IDS + " namespaces");
        }
        if (end == references.length << CHUNK_BITS) {
            references = Arrays.copyOf(references, references.length + 1);
            references[references.length - 1] = new int[CHUNK_SIZE];
        }
        return end++;
    }

    private void relocate() {
        for (int id = 0; id < end; id++) {
            if (isStored(id)) {
                int[] chunk = references[id >>> CHUNK_BITS];
                chunk[id & CHUNK_MASK] = arena.relocate(chunk[id & CHUNK_MASK]);
            }
        }
    }
}
