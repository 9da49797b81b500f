package run.clawcloud.block.kubesim.store;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * What a scan would have found before the changes: changed objects as they were, deleted ones back, new ones left out.
 */
final class Rewind implements Iterator<StoredObject> {

    private final Iterator<StoredObject> current;
    private final NavigableMap<ObjectKey, @Nullable StoredObject> before;
    private @Nullable StoredObject waiting;
    private @Nullable StoredObject next;

    Rewind(Iterator<StoredObject> current, NavigableMap<ObjectKey, @Nullable StoredObject> before) {
        this.current = current;
        this.before = before;
        this.next = find();
    }

    private @Nullable StoredObject find() {
        while (true) {
            if (waiting == null && current.hasNext()) {
                waiting = current.next();
            }
            StoredObject head = waiting;
            Map.Entry<ObjectKey, @Nullable StoredObject> change = before.firstEntry();
            if (change != null && (head == null || change.getKey().compareTo(head.key()) <= 0)) {
                before.pollFirstEntry();
                if (head != null && change.getKey().equals(head.key())) {
                    waiting = null;
                }
                if (change.getValue() != null) {
                    return change.getValue();
                }
            } else {
                waiting = null;
                return head;
            }
        }
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public StoredObject next() {
        StoredObject found = next;
        if (found == null) {
            throw new NoSuchElementException();
        }
        next = find();
        return found;
    }
}
