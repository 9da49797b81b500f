package run.clawcloud.block.kubesim.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects of one type and their event log. One lock guards both, so that a list and the watch that follows it fit
 * together; resourceVersions are drawn under the write lock, so that the log is in their order.
 */
final class TypeStore {

    /** What etcd takes in one request unless told otherwise, 1.5 MiB, in bytes of JSON. */
    private static final int LARGEST = 3 << 19;

    /** As it is served now; an equal one may come in its place. */
    private volatile ResourceType type;

    private final AtomicLong clock;
    private final Seed seed;
    private final boolean seeded;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final EventLog log;
    private final NavigableMap<String, NavigableMap<String, StoredObject>> namespaces = new TreeMap<>();

    /** The seeded namespaces whose objects have moved into {@link #namespaces}. */
    private final Set<String> thawed = new HashSet<>();

    private final CopyOnWriteArrayList<Consumer<WatchEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<WatchCursor> cursors = new CopyOnWriteArrayList<>();
    private long stored;

    /** How many seeded objects have not moved yet. */
    private long pending;

    /**
     * What a snapshot keeps of it. Not to be changed.
     *
     * @param objects by namespace and name
     * @param thawed the seeded namespaces whose objects are among them
     */
    record Content(NavigableMap<String, NavigableMap<String, StoredObject>> objects, Set<String> thawed) {

        static final Content NONE = new Content(new TreeMap<>(), Set.of());

        long size() {
            return objects.values().stream().mapToLong(Map::size).sum();
        }
    }

    TypeStore(ResourceType type, AtomicLong clock, Seed seed, EventLog log) {
        this.type = type;
        this.clock = clock;
        this.seed = seed;
        this.seeded = type.namespaced() && seed.count(type) > 0;
        this.log = log;
        this.pending = seeded ? seed.count(type) : 0;
    }

    @Nullable
    StoredObject get(String namespace, String name) {
        Lock read = lock.readLock();
        read.lock();
        try {
            return objects(namespace).get(name);
        } finally {
            read.unlock();
        }
    }

    Page list(Query query) throws ExpiredException {
        Lock read = lock.readLock();
        read.lock();
        try {
            long now = clock.get();
            long at = query.at() == 0 ? now : query.at();
            Iterator<StoredObject> current = scan(query.namespace(), query.after());
            Iterator<StoredObject> objects = at >= now
                    ? current
                    : new Rewind(current, within(log.changedSince(at), query.namespace(), query.after()));
            return page(objects, query, at);
        } finally {
            read.unlock();
        }
    }

    private Page page(Iterator<StoredObject> objects, Query query, long at) {
        List<StoredObject> items = new ArrayList<>();
        Predicate<StoredObject> filter = query.filter();
        while (objects.hasNext()) {
            StoredObject object = objects.next();
            if (filter.test(object)) {
                items.add(object);
                if (items.size() == query.limit() && objects.hasNext()) {
                    return new Page(items, at, object.key(), count(query.namespace()));
                }
            }
        }
        return new Page(items, at, null, count(query.namespace()));
    }

    private static NavigableMap<ObjectKey, @Nullable StoredObject> within(
            NavigableMap<ObjectKey, @Nullable StoredObject> changes,
            @Nullable String namespace,
            @Nullable ObjectKey after) {
        if (namespace != null) {
            changes.keySet().removeIf(key -> !key.namespace().equals(namespace));
        }
        return after == null ? changes : changes.tailMap(after, false);
    }

    private Iterator<StoredObject> scan(@Nullable String namespace, @Nullable ObjectKey after) {
        if (namespace != null) {
            NavigableMap<String, StoredObject> objects = objects(namespace);
            return (after == null ? objects : objects.tailMap(after.name(), false))
                    .values()
                    .iterator();
        }
        return new Scan(namespaces, seeded ? seed.namespaces() : List.of(), thawed, this::objects, after);
    }

    private long count(@Nullable String namespace) {
        if (namespace != null) {
            return objects(namespace).size();
        }
        return stored + pending;
    }

    /** The objects of a namespace, by name. Not to be changed: they may be rendered for the occasion. */
    private NavigableMap<String, StoredObject> objects(String namespace) {
        NavigableMap<String, StoredObject> objects = namespaces.get(namespace);
        if (objects != null || !seeded || thawed.contains(namespace)) {
            return objects == null ? new TreeMap<>() : objects;
        }
        return render(namespace);
    }

    private NavigableMap<String, StoredObject> render(String namespace) {
        NavigableMap<String, StoredObject> rendered = new TreeMap<>();
        seed.objects(type, namespace).forEach(object -> rendered.put(object.name(), object));
        return rendered;
    }

    void load(StoredObject object) {
        lock.writeLock().lock();
        try {
            keep(object);
        } finally {
            lock.writeLock().unlock();
        }
    }

    StoredObject create(ObjectKey key, ObjectNode tree) {
        return write(key, tree, current -> {
            if (current != null) {
                throw new KeyExistsException(type, key);
            }
            return WatchEvent.Kind.ADDED;
        });
    }

    StoredObject replace(StoredObject expected, ObjectNode tree) {
        return write(expected.key(), tree, current -> {
            requireSame(expected, current);
            return WatchEvent.Kind.MODIFIED;
        });
    }

    StoredObject delete(StoredObject expected, ObjectNode last) {
        return write(expected.key(), last, current -> {
            requireSame(expected, current);
            return WatchEvent.Kind.DELETED;
        });
    }

    private static void requireSame(StoredObject expected, @Nullable StoredObject current) {
        if (current == null || current.resourceVersion() != expected.resourceVersion()) {
            throw new StaleObjectException(expected);
        }
    }

    private StoredObject write(
            ObjectKey key, ObjectNode tree, Function<@Nullable StoredObject, WatchEvent.Kind> check) {
        lock.writeLock().lock();
        try {
            thaw(key.namespace());
            StoredObject previous = objects(key.namespace()).get(key.name());
            WatchEvent.Kind kind = check.apply(previous);
            StoredObject written = StoredObject.of(type, key, clock.incrementAndGet(), tree);
            if (kind != WatchEvent.Kind.DELETED && written.json().length > LARGEST) {
                throw new ObjectTooLargeException(written);
            }
            if (kind == WatchEvent.Kind.DELETED) {
                drop(key);
            } else {
                keep(written);
            }
            publish(new WatchEvent(kind, written, previous));
            return written;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void thaw(String namespace) {
        if (seeded && !thawed.contains(namespace)) {
            NavigableMap<String, StoredObject> objects = render(namespace);
            if (!objects.isEmpty()) {
                namespaces.put(namespace, objects);
                stored += objects.size();
                pending -= objects.size();
                thawed.add(namespace);
            }
        }
    }

    private void keep(StoredObject object) {
        StoredObject replaced = namespaces
                .computeIfAbsent(object.namespace(), none -> new TreeMap<>())
                .put(object.name(), object);
        if (replaced == null) {
            stored++;
        }
    }

    private void drop(ObjectKey key) {
        NavigableMap<String, StoredObject> objects = objects(key.namespace());
        if (objects.remove(key.name()) != null) {
            stored--;
        }
        if (objects.isEmpty()) {
            namespaces.remove(key.namespace());
        }
    }

    private void publish(WatchEvent event) {
        log.append(event);
        tell(event);
        cursors.forEach(cursor -> cursor.wake(event));
    }

    private void tell(WatchEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    Subscription subscribe(Consumer<WatchEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    WatchCursor watch(long resourceVersion, @Nullable String namespace) throws ExpiredException {
        Lock read = lock.readLock();
        read.lock();
        try {
            WatchCursor cursor = new WatchCursor(this, namespace, resourceVersion, log.positionAfter(resourceVersion));
            cursors.add(cursor);
            return cursor;
        } finally {
            read.unlock();
        }
    }

    /** What to hold while nobody may read or write. */
    Lock writing() {
        return lock.writeLock();
    }

    /** To be called under the lock. */
    Content content() {
        NavigableMap<String, NavigableMap<String, StoredObject>> objects = new TreeMap<>();
        namespaces.forEach((namespace, each) -> objects.put(namespace, new TreeMap<>(each)));
        return new Content(objects, Set.copyOf(thawed));
    }

    /**
     * Goes back in time. To be called under the lock.
     *
     * @param content null when nothing was stored then but what the seed describes
     * @param resourceVersion of that time
     */
    void restore(@Nullable Content content, long resourceVersion) {
        Content then = content == null ? Content.NONE : content;
        Set<String> touched = new TreeSet<>(namespaces.keySet());
        touched.addAll(thawed);
        touched.addAll(then.objects().keySet());
        Map<String, NavigableMap<String, StoredObject>> before = new HashMap<>();
        touched.forEach(namespace -> before.put(namespace, objects(namespace)));
        namespaces.clear();
        then.objects().forEach((namespace, each) -> namespaces.put(namespace, new TreeMap<>(each)));
        thawed.clear();
        thawed.addAll(then.thawed());
        pending += stored - then.size();
        stored = then.size();
        log.restart(resourceVersion);
        cursors.forEach(WatchCursor::revoke);
        touched.forEach(
                namespace -> Difference.between(before.getOrDefault(namespace, new TreeMap<>()), objects(namespace))
                        .forEach(this::tell));
    }

    /** @param cursor who reads; it gets nothing once it is revoked */
    WatchCursor.Batch read(WatchCursor cursor, long position, int max) throws ExpiredException {
        Lock read = lock.readLock();
        read.lock();
        try {
            if (cursor.revoked()) {
                return WatchCursor.Batch.NOTHING;
            }
            List<WatchEvent> events = log.read(position, max);
            long upTo = events.size() == max ? events.getLast().resourceVersion() : clock.get();
            return new WatchCursor.Batch(events, upTo);
        } finally {
            read.unlock();
        }
    }

    void closed(WatchCursor cursor) {
        cursors.remove(cursor);
    }

    /** Objects written from now on are of this form of the type. */
    void retype(ResourceType form) {
        type = form;
    }

    /** Ends all watches. */
    void endWatches() {
        cursors.forEach(WatchCursor::end);
    }

    void compact() {
        lock.writeLock().lock();
        try {
            log.compact(clock.get());
        } finally {
            lock.writeLock().unlock();
        }
    }
}
