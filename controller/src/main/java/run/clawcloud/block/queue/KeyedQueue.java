package run.clawcloud.block.queue;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The queue without its threads: which key is next, and when. The invariants are those of the package.
 *
 * <p>Times are nanoseconds since any fixed moment; the queue reads no clock. A time that is handed in lets time pass up
 * to it, and time never runs back. About 80 bytes an entry besides the key; adding, taking and removing take
 * logarithmic time. <b>Not thread-safe:</b> {@link WorkQueue} guards it.
 *
 * @param <K> the keys, with equality by value
 */
public final class KeyedQueue<K> {

    /** The time that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    /**
     * A key that was handed out.
     *
     * @param key the key, to be given back with {@link #done}
     * @param priority the priority that it waited with
     * @param readyAt when it became ready
     */
    public record Taken<K>(K key, Priority priority, long readyAt) {}

    private final Map<K, Entry<K>> entries = new HashMap<>();
    private final Map<Priority, EntryHeap<K>> ready = new EnumMap<>(Priority.class);
    /** What was not ready yet at {@link #now}. */
    private final EntryHeap<K> delayed = new EntryHeap<>();

    private long now = Long.MIN_VALUE;
    private long nextSequence;
    private int running;

    /** An empty queue. */
    public KeyedQueue() {
        for (Priority priority : Priority.values()) {
            ready.put(priority, new EntryHeap<>());
        }
    }

    /** Adds a key, or merges with its entry: the earliest time and the highest priority win. */
    public void add(K key, Priority priority, long readyAt) {
        Entry<K> entry = entries.get(key);
        if (entry == null) {
            entry = new Entry<>(key, priority, readyAt, nextSequence++);
            entries.put(key, entry);
            enqueue(entry);
            return;
        }
        switch (entry.state) {
            case RUNNING -> {
                entry.state = Entry.State.RUNNING_AGAIN;
                entry.priority = priority;
                entry.readyAt = readyAt;
                entry.sequence = nextSequence++;
            }
            case RUNNING_AGAIN -> merge(entry, priority, readyAt);
            case WAITING -> {
                dequeue(entry);
                merge(entry, priority, readyAt);
                enqueue(entry);
            }
        }
    }

    /**
     * Hands out the next key that is ready, or null if none is. The key is running until {@link #done}, and is not
     * handed out before.
     */
    public @Nullable Taken<K> take(long time) {
        advance(time);
        for (EntryHeap<K> heap : ready.values()) {
            Entry<K> entry = heap.peek();
            if (entry != null) {
                heap.remove(entry);
                entry.state = Entry.State.RUNNING;
                running++;
                return new Taken<>(entry.key, entry.priority, entry.readyAt);
            }
        }
        return null;
    }

    /**
     * Takes back a key that was handed out. If it was added meanwhile, it waits again.
     *
     * @throws IllegalStateException if the key is not running
     */
    public void done(K key) {
        Entry<K> entry = entries.get(key);
        if (entry == null || entry.state == Entry.State.WAITING) {
            throw new IllegalStateException("Not running: " + key);
        }
        running--;
        if (entry.state == Entry.State.RUNNING_AGAIN) {
            entry.state = Entry.State.WAITING;
            enqueue(entry);
        } else {
            entries.remove(key);
        }
    }

    /** Forgets that a key is wanted; if it is running, that goes on. Returns whether it was wanted. */
    public boolean remove(K key) {
        Entry<K> entry = entries.get(key);
        if (entry == null || entry.state == Entry.State.RUNNING) {
            return false;
        }
        if (entry.state == Entry.State.WAITING) {
            dequeue(entry);
            entries.remove(key);
        } else {
            entry.state = Entry.State.RUNNING;
        }
        return true;
    }

    /** Lets time pass: what has become ready by then counts as ready and no longer as delayed. */
    public void advance(long time) {
        now = Math.max(now, time);
        for (Entry<K> entry = delayed.peek(); entry != null && entry.readyAt <= now; entry = delayed.peek()) {
            delayed.remove(entry);
            enqueue(entry);
        }
    }

    /** Returns the time from which {@link #take} has a key to hand out, {@link #NEVER} if none waits. */
    public long nextReadyAt() {
        long next = earliest(delayed);
        for (EntryHeap<K> heap : ready.values()) {
            next = Math.min(next, earliest(heap));
        }
        return next;
    }

    /** Returns the number of keys of this priority that are ready, as of the latest time handed in. */
    public int depth(Priority priority) {
        return heap(priority).size();
    }

    /** Returns the number of keys that wait and are not ready yet, as of the latest time handed in. */
    public int delayed() {
        return delayed.size();
    }

    /** Returns the number of keys that are handed out. */
    public int running() {
        return running;
    }

    private void merge(Entry<K> entry, Priority priority, long readyAt) {
        entry.priority = Priority.higher(entry.priority, priority);
        entry.readyAt = Math.min(entry.readyAt, readyAt);
    }

    private void enqueue(Entry<K> entry) {
        (entry.readyAt <= now ? heap(entry.priority) : delayed).add(entry);
    }

    private static <K> void dequeue(Entry<K> entry) {
        if (entry.heap != null) {
            entry.heap.remove(entry);
        }
    }

    private EntryHeap<K> heap(Priority priority) {
        return Objects.requireNonNull(ready.get(priority));
    }

    private static <K> long earliest(EntryHeap<K> heap) {
        Entry<K> first = heap.peek();
        return first == null ? NEVER : first.readyAt;
    }
}
