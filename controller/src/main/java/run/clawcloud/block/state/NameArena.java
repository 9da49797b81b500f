package run.clawcloud.block.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names of 1 to {@value #MAX_LENGTH} bytes, end to end in segments of 64 KiB, each behind one byte that holds its
 * length. A name is known by its reference, a number that is never negative. Removing a name leaves a gap; a segment in
 * which nothing lives any more is dropped at once, and the owner of the references closes the other gaps by
 * {@linkplain #relocate relocating} every name when the arena {@linkplain #isWasteful is wasteful}.
 */
final class NameArena {

    static final int MAX_LENGTH = 63;

    private static final int SEGMENT_BITS = 16;
    private static final int SEGMENT_SIZE = 1 << SEGMENT_BITS;
    private static final int POSITION_MASK = SEGMENT_SIZE - 1;
    private static final int MAX_SEGMENTS = 1 << (Integer.SIZE - 1 - SEGMENT_BITS);
    private static final byte[] NO_SEGMENT = {};

    /** {@link #NO_SEGMENT} where a segment was dropped. */
    private byte[][] segments = {NO_SEGMENT};
    /** Bytes of living names, their length bytes included, for each segment. */
    private int[] live = {0};

    private int segmentCount;
    private long liveTotal;
    /** The segment that takes the next name; its first {@link #tailUsed} bytes are taken. */
    private int tail;

    private int tailUsed = SEGMENT_SIZE;

    /** Returns the reference of the copy of a name of 1 to {@value #MAX_LENGTH} bytes. */
    int add(byte[] source, int offset, int length) {
        int size = length + 1;
        if (tailUsed + size > SEGMENT_SIZE) {
            openTail();
        }
        byte[] segment = segments[tail];
        int position = tailUsed;
        segment[position] = (byte) length;
        System.arraycopy(source, offset, segment, position + 1, length);
        tailUsed += size;
        live[tail] += size;
        liveTotal += size;
        return (tail << SEGMENT_BITS) | position;
    }

    void remove(int reference) {
        int index = reference >>> SEGMENT_BITS;
        int size = segments[index][reference & POSITION_MASK] + 1;
        live[index] -= size;
        liveTotal -= size;
        if (live[index] == 0) {
            if (index == tail) {
                tailUsed = 0;
            } else {
                drop(index);
            }
        }
    }

    boolean equals(int reference, byte[] source, int offset, int length) {
        byte[] segment = segments[reference >>> SEGMENT_BITS];
        int position = reference & POSITION_MASK;
        return segment[position] == length
                && Arrays.equals(segment, position + 1, position + 1 + length, source, offset, offset + length);
    }

    int hash(int reference, NameHash function) {
        byte[] segment = segments[reference >>> SEGMENT_BITS];
        int position = reference & POSITION_MASK;
        return function.hash(segment, position + 1, segment[position]);
    }

    String string(int reference) {
        byte[] segment = segments[reference >>> SEGMENT_BITS];
        int position = reference & POSITION_MASK;
        return new String(segment, position + 1, segment[position], StandardCharsets.UTF_8);
    }

    /** Whether the gaps are worth closing: more than a third of the bytes, and more than two segments. */
    boolean isWasteful() {
        long reserved = (long) segmentCount << SEGMENT_BITS;
        return reserved - liveTotal > reserved / 3 + 2L * SEGMENT_SIZE;
    }

    /**
     * Moves a name out of a segment of which more than a sixth is gaps, and returns its reference, which is the old one
     * if it stayed. Once every name was relocated, a sixth at most of the full segments is gaps, so another eighth has
     * to be removed before the next time: the price of a removal stays constant.
     */
    int relocate(int reference) {
        int index = reference >>> SEGMENT_BITS;
        if (index == tail || live[index] > SEGMENT_SIZE / 6 * 5) {
            return reference;
        }
        byte[] segment = segments[index];
        int position = reference & POSITION_MASK;
        int moved = add(segment, position + 1, segment[position]);
        remove(reference);
        return moved;
    }

    /** Bytes of heap, garbage and slack included. */
    long memoryBytes() {
        long headers = 16L * (segmentCount + 2);
        return ((long) segmentCount << SEGMENT_BITS) + segments.length * 4L + live.length * 4L + headers;
    }

    private void openTail() {
        int index = 0;
        while (index < segments.length && segments[index].length > 0) {
            index++;
        }
        if (index == MAX_SEGMENTS) {
            throw new IllegalStateException("The names of the namespaces take more than 2 GiB");
        }
        if (index == segments.length) {
            segments = Arrays.copyOf(segments, index + index / 2 + 1);
            Arrays.fill(segments, index, segments.length, NO_SEGMENT);
            live = Arrays.copyOf(live, segments.length);
        }
        segments[index] = new byte[SEGMENT_SIZE];
        segmentCount++;
        tail = index;
        tailUsed = 0;
    }

    private void drop(int index) {
        segments[index] = NO_SEGMENT;
        segmentCount--;
    }
}
