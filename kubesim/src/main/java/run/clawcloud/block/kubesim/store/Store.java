package run.clawcloud.block.kubesim.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** All objects of the cluster. Safe for any number of threads; writes of different types do not wait for each other. */
public final class Store {

    private final Seed seed;
    private final int history;
    private final AtomicLong clock;

    /** No event up to this resourceVersion is remembered. */
    private volatile long compacted;

    private final Map<ResourceType, TypeStore> types = new ConcurrentHashMap<>();

    /**
     * An empty store, but for what the seed describes.
     *
     * @param seed the objects that stand there from the start
     * @param history how many events of each type are remembered
     */
    public Store(Seed seed, int history) {
        this.seed = seed;
        this.history = history;
        this.clock = new AtomicLong(Math.max(1, seed.lastResourceVersion()));
        this.compacted = clock.get();
    }

    /** The resourceVersion of the newest write of any type. */
    public long resourceVersion() {
        return clock.get();
    }

    /** The object, null if there is none. Namespace is empty for cluster-scoped types. */
    public @Nullable StoredObject get(ResourceType type, String namespace, String name) {
        return of(type).get(namespace, name);
    }

    /**
     * Lists objects.
     *
     * @throws ExpiredException when the query asks for a moment that the log no longer reaches back to
     */
    public Page list(ResourceType type, Query query) throws ExpiredException {
        return of(type).list(query);
    }

    /** What {@link #list} gives for now. */
    public Page listNow(ResourceType type, Query query) {
        try {
            return of(type).list(new Query(query.namespace(), query.filter(), query.limit(), query.after(), 0));
        } catch (ExpiredException e) {
            throw new IllegalStateException("now has expired", e);
        }
    }

    /** Puts an object there that has its resourceVersion already, unseen by watches: for seeding. */
    public void load(StoredObject object) {
        of(object.type()).load(object);
    }

    /**
     * Stores a new object.
     *
     * @throws KeyExistsException when the key is taken
     */
    public StoredObject create(ResourceType type, ObjectKey key, ObjectNode tree) {
        return of(type).create(key, tree);
    }

    /**
     * Stores an object's next state.
     *
     * @throws StaleObjectException when the object is no longer at the resourceVersion of {@code expected}
     */
    public StoredObject replace(StoredObject expected, ObjectNode tree) {
        return of(expected.type()).replace(expected, tree);
    }

    /**
     * Removes an object.
     *
     * @param last its last state, for the watches
     * @throws StaleObjectException when the object is no longer at the resourceVersion of {@code expected}
     */
    public StoredObject delete(StoredObject expected, ObjectNode last) {
        return of(expected.type()).delete(expected, last);
    }

    /**
     * Calls the listener for every write of that type from now on, on the writing thread and in the order of
     * resourceVersions. It must be quick and must not write.
     */
    public Subscription subscribe(ResourceType type, Consumer<WatchEvent> listener) {
        return of(type).subscribe(listener);
    }

    /**
     * Begins to read the events after a resourceVersion.
     *
     * @param namespace null for all
     * @throws ExpiredException when some of them are forgotten
     */
    public WatchCursor watch(ResourceType type, @Nullable String namespace, long resourceVersion)
            throws ExpiredException {
        return of(type).watch(resourceVersion, namespace);
    }

    /** Objects of an equal type are written in this form of it from now on. */
    public void retype(ResourceType form) {
        of(form).retype(form);
    }

    /** Ends all watches of a type, without an error: it is served no longer. */
    public void endWatches(ResourceType type) {
        of(type).endWatches();
    }

    /** Forgets every event: watches and lists from an older resourceVersion are answered with 410. */
    public void compact() {
        compacted = clock.get();
        types.values().forEach(TypeStore::compact);
    }

    /** What stands here now. */
    public synchronized Snapshot snapshot() {
        return frozen(() -> {
            Map<ResourceType, TypeStore.Content> contents = new HashMap<>();
            types.forEach((type, store) -> contents.put(type, store.content()));
            return new Snapshot(clock.get(), contents);
        });
    }

    /**
     * Goes back in time: every object is as it was, and so is the resourceVersion, from which the next write goes on.
     * All watches end without another event, and what was logged is forgotten. Subscribers, who live outside of time,
     * are told what has changed by it, before any other write.
     */
    public synchronized void restore(Snapshot snapshot) {
        frozen(() -> {
            clock.set(snapshot.resourceVersion());
            compacted = snapshot.resourceVersion();
            types.forEach((type, store) -> store.restore(snapshot.contents().get(type), snapshot.resourceVersion()));
            return snapshot;
        });
    }

    /** Does something while nobody reads or writes, and no type is new. */
    private <T> T frozen(Supplier<T> work) {
        List<Lock> locks = types.values().stream().map(TypeStore::writing).toList();
        locks.forEach(Lock::lock);
        try {
            return work.get();
        } finally {
            locks.forEach(Lock::unlock);
        }
    }

    private TypeStore of(ResourceType type) {
        TypeStore store = types.get(type);
        return store != null ? store : open(type);
    }

    private synchronized TypeStore open(ResourceType type) {
        return types.computeIfAbsent(
                type, opened -> new TypeStore(opened, clock, seed, new EventLog(history, compacted)));
    }
}
