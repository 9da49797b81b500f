package run.clawcloud.block.queue;

import org.jspecify.annotations.Nullable;

/** What {@link KeyedQueue} knows of a key: 48 bytes, as there can be very many. */
final class Entry<K> {

    /** Where a key stands. */
    enum State {
        /** In a heap. */
        WAITING,
        /** Handed out, and not wanted again so far. */
        RUNNING,
        /** Handed out, and added since: priority, time and sequence are those of the next time. */
        RUNNING_AGAIN
    }

    final K key;
    State state = State.WAITING;
    Priority priority;
    long readyAt;
    /** Tells the older of two with the same time. */
    long sequence;
    /** The heap that holds the entry, and where in it: for the heap only. */
    @Nullable
    EntryHeap<K> heap;

    int index;

    Entry(K key, Priority priority, long readyAt, long sequence) {
        this.key = key;
        this.priority = priority;
        this.readyAt = readyAt;
        this.sequence = sequence;
    }

    boolean isBefore(Entry<K> other) {
        return readyAt < other.readyAt || (readyAt == other.readyAt && sequence < other.sequence);
    }
}
