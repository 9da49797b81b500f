package run.clawcloud.block.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap of entries, the earliest on top, in which each entry knows its place and so can leave from anywhere.
 */
final class EntryHeap<K> {

    private final List<Entry<K>> entries = new ArrayList<>();

    int size() {
        return entries.size();
    }

    @Nullable
    Entry<K> peek() {
        return entries.isEmpty() ? null : entries.getFirst();
    }

    void add(Entry<K> entry) {
        entries.add(entry);
        entry.heap = this;
        siftUp(entry, entries.size() - 1);
    }

    /** Takes out an entry that is in this heap. */
    void remove(Entry<K> entry) {
        Entry<K> last = entries.removeLast();
        entry.heap = null;
        int hole = entry.index;
        if (hole == entries.size()) {
            return;
        }
        if (last.isBefore(entry)) {
            siftUp(last, hole);
        } else {
            siftDown(last, hole);
        }
    }

    private void siftUp(Entry<K> entry, int from) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!entry.isBefore(entries.get(parent))) {
                break;
            }
            put(entries.get(parent), at);
            at = parent;
        }
        put(entry, at);
    }

    private void siftDown(Entry<K> entry, int from) {
        int at = from;
        while (2 * at + 1 < entries.size()) {
            int child = 2 * at + 1;
            if (child + 1 < entries.size() && entries.get(child + 1).isBefore(entries.get(child))) {
                child++;
            }
            if (!entries.get(child).isBefore(entry)) {
                break;
            }
            put(entries.get(child), at);
            at = child;
        }
        put(entry, at);
    }

    private void put(Entry<K> entry, int at) {
        entries.set(at, entry);
        entry.index = at;
    }
}
