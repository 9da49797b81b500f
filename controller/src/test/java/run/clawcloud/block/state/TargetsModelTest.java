package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.view;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.ViewBuilder;

/**
 * Which namespaces belong to which requests, against plain maps: requests with names and selectors come, change and go,
 * and so do namespaces.
 */
class TargetsModelTest {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "shielded", "e");
    private static final int REQUESTS = 3;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void membersWishesPhasesAndCountsAreAsTheModelSays(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            World world = new World(random);
            for (int step = 0; step < 100; step++) {
                String what = world.step();
                world.check("seed %d, run %d, step %d: %s".formatted(seed, run, step, what));
            }
            world.end();
        }
    }

    /** A request as it was told; all that matters is what it names, what it matches, and whether it locks. */
    private record Asked(Set<String> names, boolean selects, boolean locks) {}

    private static final class World implements Wishes {
        private final Random random;
        private final Map<Integer, Asked> requests = new TreeMap<>();
        /** What is there, as it was last told. */
        private final Map<String, NamespaceView> views = new TreeMap<>();
        /** By request, the namespaces whose last view matched. */
        private final Map<Integer, Set<String>> selected = new HashMap<>();
        /** Names that somebody has looked for in vain. */
        private final Set<String> missing = new TreeSet<>();

        private boolean toldMissing;
        private int nextRequest;
        private long version = 10;

        private final Namespaces namespaces = new Namespaces(
                new ChangeListener() {
                    @Override
                    public void needed(String namespace, Cause cause) {}

                    @Override
                    public void notice(String namespace, Notice notice, Deadline deadline) {}

                    @Override
                    public void missing(boolean any) {
                        assertThat(any).isNotEqualTo(toldMissing);
                        toldMissing = any;
                    }
                },
                InstantSource.system(),
                this,
                Set.of("shielded"));

        World(Random random) {
            this.random = random;
            namespaces.requestsKnown();
            list();
        }

        private Asked asked(int request) {
            return Objects.requireNonNull(requests.get(request));
        }

        @Override
        public Wish of(int... members) {
            String holders = Arrays.stream(members)
                    .filter(member -> !Wishes.leaving(member))
                    .map(Wishes::request)
                    .distinct()
                    .filter(request ->
                            requests.containsKey(request) && asked(request).locks())
                    .mapToObj(request -> "o/" + request)
                    .collect(Collectors.joining(","));
            if (!holders.isEmpty()) {
                return Wish.locked(holders, null, null);
            }
            return Arrays.stream(members).anyMatch(Wishes::leaving) ? Wish.ACTIVE : Wish.NOTHING;
        }

        @Override
        public boolean selects(int request) {
            return requests.containsKey(request) && asked(request).selects();
        }

        @Override
        public int edition() {
            return 0;
        }

        private String step() {
            int request =
                    requests.isEmpty() ? -1 : List.copyOf(requests.keySet()).get(random.nextInt(requests.size()));
            String name = NAMES.get(random.nextInt(NAMES.size()));
            return switch (random.nextInt(10)) {
                case 0 -> {
                    if (requests.size() < REQUESTS) {
                        ask(nextRequest++);
                    }
                    yield "a request comes: " + requests;
                }
                case 1 -> {
                    if (request >= 0) {
                        ask(request);
                    }
                    yield "request " + request + " changes: " + requests;
                }
                case 2 -> {
                    if (request >= 0) {
                        go(request);
                    }
                    yield "request " + request + " goes";
                }
                case 3 -> {
                    gone(name);
                    yield name + " is gone";
                }
                case 4 -> {
                    list();
                    yield "a list of all";
                }
                default -> {
                    NamespaceView next = next(name);
                    tell(next);
                    namespaces.changed(next);
                    yield "told of " + next;
                }
            };
        }

        private void ask(int request) {
            Set<String> names =
                    NAMES.stream().filter(_ -> random.nextInt(3) == 0).collect(Collectors.toSet());
            Asked asked = new Asked(names, random.nextBoolean(), random.nextInt(3) > 0);
            requests.put(request, asked);
            namespaces.named(request, list(names));
            if (!asked.selects()) {
                namespaces.unselected(request);
                selected.remove(request);
            }
            namespaces.wishAnew(request);
            missing.removeIf(each -> !named(each));
        }

        private void go(int request) {
            requests.remove(request);
            selected.remove(request);
            namespaces.requestRemoved(request);
            missing.removeIf(each -> !named(each));
        }

        private static NameList list(Set<String> names) {
            NameList list = new NameList();
            names.forEach(list::add);
            return list;
        }

        private boolean named(String name) {
            return requests.values().stream().anyMatch(each -> each.names().contains(name));
        }

        private NamespaceView next(String name) {
            Set<Integer> known = requests.keySet().stream()
                    .filter(each -> asked(each).selects())
                    .collect(Collectors.toSet());
            Set<Integer> matched =
                    known.stream().filter(_ -> random.nextBoolean()).collect(Collectors.toSet());
            ViewBuilder view = view(name, ++version)
                    .status(List.of("locked", "active", "locked").get(random.nextInt(3)))
                    .heldBy(random.nextInt(3) == 0 ? null : "o/0")
                    .matches(known, matched);
            // Often it is as it should be.
            Wish wish = wishOf(name);
            ViewBuilder drawn =
                    random.nextBoolean() && wish.holds() ? view.status("locked").heldBy(wish.heldBy()) : view;
            return (random.nextInt(8) == 0 ? drawn.terminating() : drawn).build();
        }

        private void tell(NamespaceView view) {
            views.put(view.name(), view);
            missing.remove(view.name());
            requests.forEach((number, asked) -> {
                Set<String> names = selected.computeIfAbsent(number, _ -> new TreeSet<>());
                if (!view.terminating() && view.matches().contains(number)) {
                    names.add(view.name());
                } else if (view.terminating() || view.matches().known(number)) {
                    names.remove(view.name());
                }
            });
        }

        /** A worker has asked for it in vain. */
        private void gone(String name) {
            long known = namespaces.hold(name).map(Hold::resourceVersion).orElse(-1L);
            if (known < 0) {
                return;
            }
            namespaces.forgotten(name, known);
            forget(name);
        }

        private void forget(String name) {
            views.remove(name);
            selected.values().forEach(each -> each.remove(name));
            if (named(name)) {
                missing.add(name);
            }
        }

        /** What is there is listed as it is; names without a namespace are missing from then on. */
        private void list() {
            namespaces.listBegins(true);
            views.values().forEach(each -> {
                NamespaceView again = new ViewBuilder(each)
                        .matches(
                                requests.keySet().stream()
                                        .filter(number -> asked(number).selects())
                                        .collect(Collectors.toSet()),
                                requests.keySet().stream()
                                        .filter(number -> asked(number).selects()
                                                && selected.getOrDefault(number, Set.of())
                                                        .contains(each.name()))
                                        .collect(Collectors.toSet()))
                        .build();
                namespaces.listed(again);
            });
            namespaces.listEnds(++version);
            NAMES.stream()
                    .filter(each -> !views.containsKey(each) && named(each))
                    .forEach(missing::add);
        }

        // What has to be.

        private Set<String> targets(int request) {
            Set<String> names = new TreeSet<>(asked(request).names());
            names.addAll(selected.getOrDefault(request, Set.of()));
            return names;
        }

        private Wish wishOf(String name) {
            String holders = requests.keySet().stream()
                    .filter(number -> asked(number).locks() && targets(number).contains(name))
                    .map(number -> "o/" + number)
                    .collect(Collectors.joining(","));
            return holders.isEmpty() ? Wish.NOTHING : Wish.locked(holders, null, null);
        }

        private void check(String as) {
            assertThat(toldMissing).as(as).isEqualTo(!missing.isEmpty());
            for (NamespaceView view : views.values()) {
                Wish wish = wishOf(view.name());
                Hold hold = namespaces.hold(view.name()).orElseThrow();
                assertThat(hold.wish().holds()).as(as).isEqualTo(wish.holds());
                if (wish.holds()) {
                    assertThat(hold.wish()).as(as).isEqualTo(wish);
                }
                if (!view.terminating() && !view.name().equals("shielded")) {
                    if (!wish.fulfilledBy(view)) {
                        assertThat(hold.unsettled()).as(as + ", " + view).isTrue();
                    }
                }
            }
            requests.forEach((number, asked) -> check(as + ", request " + number, number, asked));
        }

        private void check(String as, int number, Asked asked) {
            Map<TargetPhase, Integer> counts = namespaces.countTargets(number, asked.locks());
            List<Target> first = namespaces.firstTargets(number, asked.locks(), 100);
            assertThat(first).as(as).extracting(Target::namespace).containsExactlyInAnyOrderElementsOf(targets(number));
            assertThat(first)
                    .as(as)
                    .isSortedAccordingTo((one, other) -> one.phase() == other.phase()
                            ? one.namespace().compareTo(other.namespace())
                            : one.phase().compareTo(other.phase()));
            Map<TargetPhase, Integer> counted = new EnumMap<>(TargetPhase.class);
            for (TargetPhase each : TargetPhase.values()) {
                counted.put(each, 0);
            }
            first.forEach(each -> counted.merge(each.phase(), 1, Integer::sum));
            assertThat(counts).as(as).isEqualTo(counted);
            int most = random.nextInt(NAMES.size() + 1);
            assertThat(namespaces.firstTargets(number, asked.locks(), most))
                    .as(as)
                    .isEqualTo(first.subList(0, Math.min(most, first.size())));
            for (Target each : first) {
                boolean failed = missing.contains(each.namespace())
                        || each.namespace().equals("shielded")
                        || (views.containsKey(each.namespace())
                                && views.get(each.namespace()).terminating())
                        || (!asked.locks() && held(each.namespace()));
                assertThat(each.phase() == TargetPhase.FAILED)
                        .as(as + ", " + each)
                        .isEqualTo(failed);
                assertThat(each.message().isEmpty()).as(as).isEqualTo(!failed);
            }
        }

        private boolean held(String name) {
            return requests.keySet().stream()
                    .anyMatch(number -> asked(number).locks() && targets(number).contains(name));
        }

        /** When all requests and all namespaces are gone, nothing is left of them. */
        private void end() {
            new ArrayList<>(requests.keySet()).forEach(this::go);
            NAMES.forEach(this::gone);
            assertThat(toldMissing).isFalse();
            NAMES.forEach(each -> assertThat(namespaces.hold(each)).isEmpty());
            assertThat(namespaces.tally().values()).containsOnly(0);
        }
    }
}
