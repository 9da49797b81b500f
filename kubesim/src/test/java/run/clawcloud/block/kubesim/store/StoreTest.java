package run.clawcloud.block.kubesim.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.api.Kinds;
import tools.jackson.databind.node.ObjectNode;

/** Concurrency, the past, and forgetting. */
class StoreTest {

    private static final ResourceType TYPE = Kinds.CONFIG_MAPS;
    private static final int WRITERS = 8;
    private static final int WRITES = 200;

    private final Store store = new Store(Seed.NONE, 1 << 12);

    private static ObjectNode tree(String name, int value) {
        ObjectNode tree = Json.object();
        tree.putObject("metadata").put("name", name).put("uid", name);
        tree.put("value", value);
        return tree;
    }

    private StoredObject get(String namespace, String name) {
        StoredObject object = store.get(TYPE, namespace, name);
        if (object == null) {
            throw new AssertionError(name + " is not there");
        }
        return object;
    }

    @Test
    void noWriteIsLostAndTheLogIsInOrder() throws InterruptedException, ExecutionException, ExpiredException {
        store.create(TYPE, new ObjectKey("n", "counter"), tree("counter", 0));
        long start = store.resourceVersion();
        WatchCursor cursor = store.watch(TYPE, null, start);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> writers = IntStream.range(0, WRITERS)
                    .<Callable<Void>>mapToObj(writer -> () -> {
                        for (int i = 0; i < WRITES; i++) {
                            increment();
                        }
                        return null;
                    })
                    .toList();
            for (Future<Void> writer : threads.invokeAll(writers)) {
                writer.get();
            }
        }
        assertThat(get("n", "counter").tree().path("value").asInt()).isEqualTo(WRITERS * WRITES);
        List<WatchEvent> events = new ArrayList<>();
        while (events.size() < WRITERS * WRITES) {
            events.addAll(cursor.next(Duration.ofSeconds(5)).events());
        }
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).object().tree().path("value").asInt()).isEqualTo(i + 1);
            assertThat(events.get(i).resourceVersion()).isEqualTo(start + i + 1);
        }
    }

    private void increment() {
        while (true) {
            StoredObject current = get("n", "counter");
            ObjectNode tree = current.tree();
            tree.put("value", tree.path("value").asInt() + 1);
            try {
                store.replace(current, tree);
                return;
            } catch (StaleObjectException _) {
                // Another writer was first.
            }
        }
    }

    @Test
    void aListOfThePastIsWhatStoodThere() throws ExpiredException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<Long> moments = new ArrayList<>();
        List<TreeMap<ObjectKey, Integer>> states = new ArrayList<>();
        TreeMap<ObjectKey, Integer> state = new TreeMap<>();
        for (int i = 0; i < 600; i++) {
            ObjectKey key = new ObjectKey("n" + random.nextInt(3), "o" + random.nextInt(8));
            change(key, i, random.nextBoolean(), state);
            moments.add(store.resourceVersion());
            states.add(new TreeMap<>(state));
        }
        for (int i = 0; i < moments.size(); i += 7) {
            assertThat(listed(moments.get(i), 1 + random.nextInt(5)))
                    .as("seed %d, write %d", seed, i)
                    .isEqualTo(states.get(i));
        }
    }

    private void change(ObjectKey key, int value, boolean delete, Map<ObjectKey, Integer> state) {
        StoredObject current = store.get(TYPE, key.namespace(), key.name());
        if (current == null) {
            store.create(TYPE, key, tree(key.name(), value));
        } else if (delete) {
            store.delete(current, current.tree());
            state.remove(key);
            return;
        } else {
            store.replace(current, tree(key.name(), value));
        }
        state.put(key, value);
    }

    /** All objects at that moment, read in pages. */
    private Map<ObjectKey, Integer> listed(long moment, int limit) throws ExpiredException {
        TreeMap<ObjectKey, Integer> listed = new TreeMap<>();
        ObjectKey after = null;
        do {
            Page page = store.list(TYPE, new Query(null, object -> true, limit, after, moment));
            page.items()
                    .forEach(object ->
                            listed.put(object.key(), object.tree().path("value").asInt()));
            after = page.next();
        } while (after != null);
        return listed;
    }

    @Test
    void whatIsForgottenExpires() {
        Store small = new Store(Seed.NONE, 4);
        StoredObject object = small.create(TYPE, new ObjectKey("n", "o"), tree("o", 0));
        long first = object.resourceVersion();
        for (int i = 1; i <= 4; i++) {
            object = small.replace(object, tree("o", i));
        }
        assertThat(first).isLessThan(object.resourceVersion());
        assertThatThrownBy(() -> small.watch(TYPE, null, first - 1)).isInstanceOf(ExpiredException.class);
        assertThatThrownBy(() -> small.list(TYPE, new Query(null, o -> true, 0, null, first - 1)))
                .isInstanceOf(ExpiredException.class);
        StoredObject stale = object;
        small.delete(object, object.tree());
        assertThatThrownBy(() -> small.replace(stale, tree("o", 9))).isInstanceOf(StaleObjectException.class);
    }
}
