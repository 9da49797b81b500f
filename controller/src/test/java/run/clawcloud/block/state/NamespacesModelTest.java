package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.time.SetClock;

/**
 * A server, people who change namespaces on it, a watch that lags, lists that are sometimes old, and workers whose
 * answers come late. However these overtake each other: once all is told, the state is the newest view, and no work
 * that it calls for has been lost.
 */
class NamespacesModelTest {

    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyOrderOfTellingEndsInTheStateOfTheNewestView(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 400; run++) {
            World world = new World(random);
            world.list(random.nextInt(world.history.size()));
            for (int step = 0; step < 120; step++) {
                world.step();
            }
            world.settle();

            for (String name : NAMES) {
                String as = "seed %d, run %d, namespace %s".formatted(seed, run, name);
                Optional<NamespaceView> newest = Optional.ofNullable(world.now().get(name));
                Optional<NamespaceState> known = world.namespaces.get(name);
                assertThat(known.map(NamespaceState::need).orElse(Need.NOTHING))
                        .as(as)
                        .isEqualTo(newest.map(NamespacesModelTest::decision).orElse(Need.NOTHING));
                known.ifPresent(state -> assertThat(state.resourceVersion())
                        .as(as)
                        .isEqualTo(newest.orElseThrow().resourceVersion()));
                newest.filter(each -> !each.terminating())
                        .ifPresent(each -> assertThat(each.applied())
                                .as(as + ": what was asked for is done, " + each)
                                .isEqualTo(wanted(each)));
            }
        }
    }

    /** The contract, written down once more: what a view calls for. */
    private static Need decision(NamespaceView view) {
        boolean touched = view.applied() != null || view.unlockTimestamp() != null;
        if (view.terminating()) {
            return Need.NOTHING;
        }
        if (view.status() == null || view.status().equals("active")) {
            return touched ? Need.UNLOCK : Need.NOTHING;
        }
        if (view.status().equals("locked")) {
            return "locked".equals(view.applied()) ? Need.NOTHING : Need.LOCK;
        }
        return Need.WARN;
    }

    private static @Nullable String wanted(NamespaceView view) {
        if (view.status() == null || view.status().equals("active")) {
            return null;
        }
        return view.status().equals("locked") ? "locked" : view.applied();
    }

    /** What is told of one change: the watch's event. */
    private record Told(long version, boolean deleted, NamespaceView view) {}

    /** One worker at one namespace, as the flows do it: what the server answered is told later. */
    private static final class Work {
        private final Need need;
        /** Whether the answer is to the write that ends the work; else it is to another write, or to a read. */
        private boolean written;

        private @Nullable NamespaceView answer;
        /** The version that was known when the server was asked. */
        private long known;

        Work(Need need) {
            this.need = need;
        }
    }

    private static final class World {
        private final Random random;
        private final Set<String> queue = new LinkedHashSet<>();
        private final Namespaces namespaces = new Namespaces(
                new ChangeListener() {
                    @Override
                    public void needed(String namespace, Cause cause) {
                        queue.add(namespace);
                    }

                    @Override
                    public void notice(String namespace, Notice notice, Deadline deadline) {}
                },
                new SetClock("2030-01-01T00:00:00Z"));

        /** The server after each write; its place is its version. */
        private final List<Map<String, NamespaceView>> history = new ArrayList<>();

        private final List<Told> events = new ArrayList<>();
        private final Map<String, Work> working = new HashMap<>();
        private long watched;

        World(Random random) {
            this.random = random;
            history.add(Map.of());
            for (int i = 0; i < 12; i++) {
                userWrites();
            }
        }

        Map<String, NamespaceView> now() {
            return history.getLast();
        }

        private long version() {
            return history.size() - 1L;
        }

        void step() {
            switch (random.nextInt(10)) {
                case 0, 1 -> userWrites();
                case 2, 3, 4 -> watch();
                case 5, 6, 7, 8 -> work();
                default -> {
                    // The history was compacted: 410, and the list that follows is an exact one.
                    if (random.nextInt(8) == 0) {
                        list((int) version());
                    }
                }
            }
        }

        /** Until nothing is left to tell and nothing to do. */
        void settle() {
            for (int i = 0; i < 10_000; i++) {
                if (watched == version() && queue.isEmpty() && working.isEmpty()) {
                    return;
                }
                watch();
                work();
            }
            throw new AssertionError("it does not come to rest: " + queue + working.keySet());
        }

        /** People, who know nothing of what is applied. */
        private void userWrites() {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            NamespaceView before = now().get(name);
            if (before == null) {
                write(name, view(name, 0).status(status()));
            } else if (before.terminating()) {
                write(name, null);
            } else if (before.status() != null || random.nextBoolean()) {
                ViewBuilder view = new ViewBuilder(before);
                switch (random.nextInt(12)) {
                    case 0 -> write(name, view.terminating());
                    case 1 -> write(name, null);
                    default -> write(name, view.status(status()));
                }
            }
        }

        private @Nullable String status() {
            return switch (random.nextInt(7)) {
                case 0 -> null;
                case 1, 2 -> Names.ACTIVE;
                case 3 -> "frozen";
                default -> Names.LOCKED;
            };
        }

        /** Writes, or deletes where there is no view, and notes what the watch of the status label tells of it. */
        private void write(String name, @Nullable ViewBuilder view) {
            NamespaceView before = now().get(name);
            Map<String, NamespaceView> next = new TreeMap<>(now());
            long version = history.size();
            if (view == null) {
                next.remove(name);
            } else {
                next.put(name, view.at(version).build());
            }
            history.add(next);
            NamespaceView after = next.get(name);
            if (after != null && after.status() != null) {
                events.add(new Told(version, false, after));
            } else if (before != null && before.status() != null) {
                // The object's last matching state, at the new version.
                events.add(new Told(
                        version, true, new ViewBuilder(before).at(version).build()));
            }
        }

        private void watch() {
            Optional<Told> next =
                    events.stream().filter(event -> event.version() > watched).findFirst();
            next.ifPresent(event -> {
                if (event.deleted()) {
                    namespaces.deleted(event.view());
                } else {
                    namespaces.changed(event.view());
                }
            });
            watched = next.map(Told::version).orElse(version());
        }

        /** Lists what there was at a version, while workers go on, and watches from there. */
        void list(int version) {
            namespaces.listBegins(false);
            for (NamespaceView each : history.get(version).values()) {
                boolean leftOver = each.applied() != null && !Names.LOCKED.equals(each.status());
                if (each.status() != null || leftOver) {
                    namespaces.listed(each);
                }
                if (random.nextBoolean()) {
                    work();
                }
            }
            namespaces.listEnds(version);
            watched = version;
        }

        /** Begins a piece of work, or goes on with one. */
        private void work() {
            Set<String> able = new LinkedHashSet<>(working.keySet());
            able.addAll(queue);
            if (able.isEmpty()) {
                return;
            }
            String name = List.copyOf(able).get(random.nextInt(able.size()));
            Work work = working.get(name);
            if (work == null) {
                queue.remove(name);
                begin(name);
            } else {
                goOn(name, work);
            }
        }

        private void begin(String name) {
            namespaces.get(name).ifPresent(state -> {
                Work work = new Work(state.need());
                work.known = state.resourceVersion();
                switch (state.need()) {
                    case LOCK, UNLOCK -> {
                        if (work.need == Need.LOCK || state.applied() == Applied.LOCKED) {
                            tryToWrite(name, work, state);
                        } else {
                            work.answer = now().get(name);
                        }
                        working.put(name, work);
                    }
                    case LOOK -> {
                        work.answer = now().get(name);
                        working.put(name, work);
                    }
                    case NOTHING, WARN, EXPIRE -> {}
                }
            });
        }

        /** Tells the answer; then, when the work is not through and the need is still the same, writes. */
        private void goOn(String name, Work work) {
            if (work.answer == null) {
                namespaces.forgotten(name, work.known);
                working.remove(name);
                return;
            }
            namespaces.observed(work.answer, work.known);
            Optional<NamespaceState> state = namespaces.get(name).filter(each -> each.need() == work.need);
            if (work.written || work.need == Need.LOOK || state.isEmpty()) {
                working.remove(name);
            } else {
                tryToWrite(name, work, state.get());
            }
        }

        /** A write holds only for what is known; else it is a conflict, and the namespace is read. */
        private void tryToWrite(String name, Work work, NamespaceState state) {
            work.known = state.resourceVersion();
            NamespaceView current = now().get(name);
            if (current != null && current.resourceVersion() == state.resourceVersion()) {
                ViewBuilder view = new ViewBuilder(current);
                boolean begins = work.need == Need.UNLOCK && state.applied() == Applied.LOCKED;
                work.written = !begins;
                if (begins) {
                    write(name, view.applied("locking"));
                } else if (work.need == Need.LOCK) {
                    write(name, view.applied("locked").until("2031-01-01T00:00:00Z"));
                } else {
                    write(name, view.applied(null).until(null));
                }
            }
            work.answer = now().get(name);
        }
    }
}
