package run.clawcloud.block.kubesim.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The newest events of one type, oldest forgotten first. Guarded by the lock of its {@link TypeStore}. */
final class EventLog {

    private final @Nullable WatchEvent[] ring;

    /** Events ever appended: the position behind the newest. */
    private long end;

    /** Position of the oldest event remembered. */
    private long start;

    /** Every event after this resourceVersion is remembered. */
    private long floor;

    EventLog(int capacity, long floor) {
        this.ring = new @Nullable WatchEvent[capacity];
        this.floor = floor;
    }

    void append(WatchEvent event) {
        if (end - start == ring.length) {
            floor = at(start).resourceVersion();
            start++;
        }
        ring[(int) (end % ring.length)] = event;
        end++;
    }

    /** Forgets all events up to and including that resourceVersion. */
    void compact(long resourceVersion) {
        while (start < end && at(start).resourceVersion() <= resourceVersion) {
            ring[(int) (start % ring.length)] = null;
            start++;
        }
        floor = Math.max(floor, resourceVersion);
    }

    /** Forgets everything, and goes on from that resourceVersion, which may be an earlier one. */
    void restart(long resourceVersion) {
        Arrays.fill(ring, null);
        start = end;
        floor = resourceVersion;
    }

    /** The position of the first event after that resourceVersion. */
    long positionAfter(long resourceVersion) throws ExpiredException {
        if (resourceVersion < floor) {
            throw new ExpiredException(resourceVersion, floor);
        }
        long low = start;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).resourceVersion() <= resourceVersion) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** At most that many events from that position on. */
    List<WatchEvent> read(long position, int max) throws ExpiredException {
        if (position < start) {
            throw new ExpiredException(0, floor);
        }
        List<WatchEvent> events = new ArrayList<>();
        for (long i = position; i < end && events.size() < max; i++) {
            events.add(at(i));
        }
        return events;
    }

    /** Of every object written since that resourceVersion, what it was then: null if it was not there. */
    NavigableMap<ObjectKey, @Nullable StoredObject> changedSince(long resourceVersion) throws ExpiredException {
        NavigableMap<ObjectKey, @Nullable StoredObject> before = new TreeMap<>();
        for (long i = positionAfter(resourceVersion); i < end; i++) {
            WatchEvent event = at(i);
            ObjectKey key = event.object().key();
            if (!before.containsKey(key)) {
                before.put(key, event.previous());
            }
        }
        return before;
    }

    private WatchEvent at(long position) {
        WatchEvent event = ring[(int) (position % ring.length)];
        if (event == null) {
            throw new IllegalStateException("no event at " + position);
        }
        return event;
    }
}
