package run.clawcloud.block.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedQueueTest {

    private static final List<Priority> PRIORITIES = List.of(Priority.values());

    private final KeyedQueue<String> queue = new KeyedQueue<>();

    @Test
    void theHighestPriorityGoesFirstAndTheLongestReadyAmongEquals() {
        queue.add("drift", Priority.DRIFT, 0);
        queue.add("late", Priority.BACKLOG, 2);
        queue.add("early", Priority.BACKLOG, 1);
        queue.add("early too", Priority.BACKLOG, 1);
        queue.add("retry", Priority.RETRY, 3);
        queue.add("live", Priority.LIVE, 4);

        assertThat(takeAll(4)).containsExactly("live", "retry", "early", "early too", "late", "drift");
    }

    @Test
    void nothingIsHandedOutBeforeItsTime() {
        queue.add("a", Priority.LIVE, 10);

        assertThat(queue.take(9)).isNull();
        assertThat(queue.nextReadyAt()).isEqualTo(10);
        assertThat(queue.delayed()).isOne();
        assertThat(queue.depth(Priority.LIVE)).isZero();
        assertThat(queue.take(10)).isEqualTo(new KeyedQueue.Taken<>("a", Priority.LIVE, 10));
        assertThat(queue.nextReadyAt()).isEqualTo(KeyedQueue.NEVER);
    }

    @Test
    void theEarliestTimeAndTheHighestPriorityWin() {
        queue.add("a", Priority.RETRY, 100);
        queue.add("a", Priority.DRIFT, 1);
        queue.add("a", Priority.BACKLOG, 50);

        assertThat(queue.take(1)).isEqualTo(new KeyedQueue.Taken<>("a", Priority.RETRY, 1));
        queue.done("a");
        assertThat(queue.take(1_000)).isNull();
    }

    @Test
    void aKeyThatIsAddedWhileItRunsIsHandedOutOnceMoreAfterwards() {
        queue.add("a", Priority.LIVE, 0);
        assertThat(takeAll(0)).containsExactly("a");

        queue.add("a", Priority.DRIFT, 5);
        queue.add("a", Priority.BACKLOG, 7);
        assertThat(queue.take(10)).isNull();
        assertThat(queue.nextReadyAt()).isEqualTo(KeyedQueue.NEVER);

        queue.done("a");
        assertThat(queue.take(10)).isEqualTo(new KeyedQueue.Taken<>("a", Priority.BACKLOG, 5));
        queue.done("a");
        assertThat(queue.take(10)).isNull();
    }

    @Test
    void onlyWhatRunsCanBeDone() {
        queue.add("a", Priority.LIVE, 0);

        assertThatThrownBy(() -> queue.done("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.done("b")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRemovedKeyIsNotHandedOut() {
        queue.add("a", Priority.LIVE, 0);
        queue.add("b", Priority.LIVE, 9);

        assertThat(queue.remove("a")).isTrue();
        assertThat(queue.remove("b")).isTrue();
        assertThat(queue.remove("c")).isFalse();
        assertThat(queue.take(10)).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesAsTheModelDoes(long seed) {
        Random random = new Random(seed);
        int keys = 1 + random.nextInt(200);
        Model model = new Model();
        KeyedQueue<Integer> tested = new KeyedQueue<>();
        List<Integer> running = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < 50_000; step++) {
            String when = "seed " + seed + ", step " + step;
            int key = random.nextInt(keys);
            switch (random.nextInt(10)) {
                case 0 -> {
                    assertThat(tested.remove(key)).as(when).isEqualTo(model.remove(key));
                }
                case 1 -> now += random.nextInt(50);
                case 2, 3, 4 -> {
                    KeyedQueue.Taken<Integer> expected = model.take(now);
                    assertThat(tested.take(now)).as(when).isEqualTo(expected);
                    if (expected != null) {
                        running.add(expected.key());
                    }
                }
                case 5, 6 -> {
                    if (!running.isEmpty()) {
                        Collections.swap(running, random.nextInt(running.size()), running.size() - 1);
                        Integer done = running.removeLast();
                        tested.done(done);
                        model.done(done);
                    }
                }
                default -> {
                    Priority priority = PRIORITIES.get(random.nextInt(4));
                    long readyAt = now + random.nextInt(-20, 100);
                    tested.add(key, priority, readyAt);
                    model.add(key, priority, readyAt);
                }
            }
            tested.advance(now);
            model.assertSameCounts(tested, now, when);
        }
    }

    private List<String> takeAll(long now) {
        List<String> taken = new ArrayList<>();
        for (var next = queue.take(now); next != null; next = queue.take(now)) {
            taken.add(next.key());
        }
        return taken;
    }

    /** The invariants, as simply as they can be written: what is wanted, and what runs. */
    private static final class Model {

        private record Wanted(Priority priority, long readyAt, long sequence) {}

        private final Map<Integer, Wanted> wanted = new HashMap<>();
        private final Map<Integer, Boolean> running = new HashMap<>();
        private long sequence;

        void add(int key, Priority priority, long readyAt) {
            wanted.merge(
                    key,
                    new Wanted(priority, readyAt, sequence++),
                    (before, added) -> new Wanted(
                            before.priority().compareTo(added.priority()) < 0 ? before.priority() : added.priority(),
                            Math.min(before.readyAt(), added.readyAt()),
                            before.sequence()));
        }

        KeyedQueue.@Nullable Taken<Integer> take(long now) {
            Optional<Map.Entry<Integer, Wanted>> next = wanted.entrySet().stream()
                    .filter(entry -> !running.containsKey(entry.getKey()))
                    .filter(entry -> entry.getValue().readyAt() <= now)
                    .min(Map.Entry.comparingByValue(Comparator.comparing(Wanted::priority)
                            .thenComparingLong(Wanted::readyAt)
                            .thenComparingLong(Wanted::sequence)));
            if (next.isEmpty()) {
                return null;
            }
            Integer key = next.get().getKey();
            Wanted taken = next.get().getValue();
            wanted.remove(key);
            running.put(key, true);
            return new KeyedQueue.Taken<>(key, taken.priority(), taken.readyAt());
        }

        void done(Integer key) {
            running.remove(key);
        }

        boolean remove(int key) {
            return wanted.remove(key) != null;
        }

        void assertSameCounts(KeyedQueue<Integer> tested, long now, String when) {
            long next = KeyedQueue.NEVER;
            int delayed = 0;
            Map<Priority, Integer> depth = new EnumMap<>(Priority.class);
            for (Map.Entry<Integer, Wanted> entry : wanted.entrySet()) {
                if (!running.containsKey(entry.getKey())) {
                    next = Math.min(next, entry.getValue().readyAt());
                    if (entry.getValue().readyAt() > now) {
                        delayed++;
                    } else {
                        depth.merge(entry.getValue().priority(), 1, Integer::sum);
                    }
                }
            }
            assertThat(tested.nextReadyAt()).as(when).isEqualTo(next);
            assertThat(tested.delayed()).as(when).isEqualTo(delayed);
            assertThat(tested.running()).as(when).isEqualTo(running.size());
            for (Priority priority : PRIORITIES) {
                assertThat(tested.depth(priority)).as(when).isEqualTo(depth.getOrDefault(priority, 0));
            }
        }
    }
}
