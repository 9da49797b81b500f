package run.clawcloud.block.kubesim.store;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All objects of a type in the order of their keys: those that are stored, and in their places those still to be
 * rendered.
 */
final class Scan implements Iterator<StoredObject> {

    private final Iterator<Map.Entry<String, NavigableMap<String, StoredObject>>> stored;
    private Map.@Nullable Entry<String, NavigableMap<String, StoredObject>> nextStored;
    private final List<String> seeded;
    private final Set<String> thawed;
    private int nextSeeded;
    private final Function<String, NavigableMap<String, StoredObject>> contents;
    private Iterator<StoredObject> objects;

    /**
     * A scan.
     *
     * @param stored the objects that are stored, by namespace and name
     * @param seeded the namespaces that have seeded objects, in order
     * @param thawed those of them whose objects are among the stored
     * @param contents the objects of a namespace by name, rendered if need be
     * @param after begin behind this key; null for the beginning
     */
    Scan(
            NavigableMap<String, NavigableMap<String, StoredObject>> stored,
            List<String> seeded,
            Set<String> thawed,
            Function<String, NavigableMap<String, StoredObject>> contents,
            @Nullable ObjectKey after) {
        this.seeded = seeded;
        this.thawed = thawed;
        this.contents = contents;
        if (after == null) {
            this.stored = stored.entrySet().iterator();
            this.objects = Collections.emptyIterator();
        } else {
            this.stored = stored.tailMap(after.namespace(), false).entrySet().iterator();
            this.objects = contents.apply(after.namespace())
                    .tailMap(after.name(), false)
                    .values()
                    .iterator();
            int found = Collections.binarySearch(seeded, after.namespace());
            this.nextSeeded = found < 0 ? -found - 1 : found + 1;
        }
        this.nextStored = this.stored.hasNext() ? this.stored.next() : null;
    }

    @Override
    public boolean hasNext() {
        boolean more = true;
        while (more && !objects.hasNext()) {
            more = enterNextNamespace();
        }
        return objects.hasNext();
    }

    private boolean enterNextNamespace() {
        while (nextSeeded < seeded.size() && thawed.contains(seeded.get(nextSeeded))) {
            nextSeeded++;
        }
        String pending = nextSeeded < seeded.size() ? seeded.get(nextSeeded) : null;
        Map.Entry<String, NavigableMap<String, StoredObject>> entry = nextStored;
        if (entry != null && (pending == null || entry.getKey().compareTo(pending) < 0)) {
            objects = entry.getValue().values().iterator();
            nextStored = stored.hasNext() ? stored.next() : null;
            return true;
        }
        if (pending == null) {
            return false;
        }
        objects = contents.apply(pending).values().iterator();
        nextSeeded++;
        return true;
    }

    @Override
    public StoredObject next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return objects.next();
    }
}
