package run.clawcloud.block.kubesim.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What would have had to happen to a namespace's objects of one type to make them what they are. */
final class Difference {

    private Difference() {}

    /** Objects by name, as they were and as they are. */
    static List<WatchEvent> between(
            NavigableMap<String, StoredObject> before, NavigableMap<String, StoredObject> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<WatchEvent> events = new ArrayList<>();
        names.forEach(name -> add(before.get(name), after.get(name), events));
        return events;
    }

    private static void add(@Nullable StoredObject old, @Nullable StoredObject now, List<WatchEvent> events) {
        boolean same = old != null && now != null && old.uid().equals(now.uid());
        if (old != null && !same) {
            events.add(new WatchEvent(WatchEvent.Kind.DELETED, old, old));
        }
        if (now != null && !same) {
            events.add(new WatchEvent(WatchEvent.Kind.ADDED, now, null));
        }
        // One that is back may have been in the middle of something, such as its deletion.
        if (now != null && (old == null || !Arrays.equals(old.json(), now.json()))) {
            events.add(new WatchEvent(WatchEvent.Kind.MODIFIED, now, same ? old : now));
        }
    }
}
