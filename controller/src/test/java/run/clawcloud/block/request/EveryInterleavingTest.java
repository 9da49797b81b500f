package run.clawcloud.block.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.namespace.WorkloadKind;
import run.clawcloud.block.request.World.Load;
import run.clawcloud.block.request.World.Memory;
import run.clawcloud.block.request.World.Quota;
import run.clawcloud.block.request.WorldServer.Disturbance;
import run.clawcloud.block.request.WorldServer.Fault;

/**
 * Every order in which so many disturbances of a small world can come, each at every moment: between any two steps of
 * the controller and at each of its requests. In every state what was noted is there and nothing was deleted that
 * should not be; and from every state, left alone, the world comes to the end that its labels and requests ask for.
 *
 * <p>{@code -Dexplore=deep} allows more disturbances, and takes minutes.
 */
class EveryInterleavingTest {

    static final List<String> REQUESTS = List.of("r", "s");

    private static final boolean DEEP = "deep".equals(System.getProperty("explore"));
    private static final int MOST_STEPS = 200;
    private static final int DAYS = 8;

    /** States by how many disturbances were left when they were explored. */
    private final Map<World, Integer> explored = new ConcurrentHashMap<>();

    private final Set<World> ending = ConcurrentHashMap.newKeySet();

    /** Whether people make requests, turn them over and delete them. */
    private boolean withRequests;

    private record Visit(World world, int left, @Nullable Visit from, String by) {
        private String path() {
            return (from == null ? "" : from.path() + "\n  ") + by;
        }
    }

    private interface Doing {
        void with(WorldServer server, WorldController controller) throws InterruptedException;
    }

    private record Step(String name, Doing doing) {}

    @BeforeEach
    void silence() {
        level(ch.qos.logback.classic.Level.OFF);
    }

    @AfterEach
    void speak() {
        level(ch.qos.logback.classic.Level.WARN);
    }

    private static void level(ch.qos.logback.classic.Level level) {
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger("ROOT")).setLevel(level);
    }

    @Test
    void ofALabel() throws InterruptedException {
        withRequests = false;
        explore(begin(null), "an open namespace", DEEP ? 8 : 4);
    }

    @Test
    void ofRequests() throws InterruptedException {
        withRequests = true;
        explore(begin(RequestBuilder.locked("r")), "a request that locks", DEEP ? 3 : 2);
    }

    /**
     * One round after the other; those of a round on all processors, for what is found does not hang on their order.
     */
    private void explore(World begin, String what, int disturbances) throws InterruptedException {
        List<Visit> round = visit(begin, disturbances, null, what).stream().toList();
        while (!round.isEmpty()) {
            round = round.parallelStream()
                    .flatMap(visit -> next(visit).stream())
                    .toList();
        }
        System.out.printf("%s, %d disturbances in every order: %,d states%n", what, disturbances, explored.size());
    }

    /** What follows on it that was not there before, or with fewer disturbances left. */
    private List<Visit> next(Visit visit) {
        List<Visit> found = new ArrayList<>();
        try {
            for (Step each : ownSteps(visit.world())) {
                found.addAll(explore(visit, each, visit.left()));
            }
            if (visit.left() > 0) {
                for (Step each : disturbances(visit.world())) {
                    found.addAll(explore(visit, each, visit.left() - 1));
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    private static World begin(@Nullable RequestBuilder request) {
        NamespaceView open = ViewBuilder.active(World.NAMESPACE, 1).build();
        World world = new World(
                0,
                open,
                open,
                Quota.MISSING,
                List.of(
                        new Load(WorkloadKind.DEPLOYMENT, "load-0", 3, null, 3),
                        new Load(WorkloadKind.JOB, "load-1", 1, null, 1)),
                List.of(),
                false,
                false,
                request == null ? List.of() : List.of(fresh(request)),
                List.of(),
                Memory.NONE);
        WorldServer server = new WorldServer(world, null);
        WorldController controller = new WorldController(server, world.memory());
        controller.start(false);
        return freeze(server, controller);
    }

    private static BlockRequestView fresh(RequestBuilder request) {
        BlockRequestView view = request.finalizers().at(1).view();
        BlockRequestSpec spec = view.spec();
        return new RequestBuilder(view)
                .spec(new BlockRequestSpec(WorldController.NAMES, null, spec.action(), null, null, List.of()))
                .at(1)
                .view();
    }

    private static World freeze(WorldServer server, WorldController controller) {
        return new World(
                        server.day,
                        server.namespace,
                        server.before,
                        server.quota,
                        List.copyOf(server.loads),
                        List.copyOf(server.told),
                        server.quotaTold,
                        server.quotaMissed,
                        List.copyOf(server.requests),
                        List.copyOf(server.requestsTold),
                        controller.memory())
                .canonical();
    }

    // Exploring.

    private List<Visit> explore(Visit from, Step step, int left) throws InterruptedException {
        World next = done(from.world(), step.doing(), null, () -> from.path() + "\n  " + step.name());
        List<Visit> found = new ArrayList<>();
        visit(next, left, from, step.name()).ifPresent(found::add);
        if (from.left() > left || left == 0 || !step.name().startsWith("work")) {
            return found;
        }
        WorldServer server = new WorldServer(from.world(), null);
        step.doing().with(server, new WorldController(server, from.world().memory()));
        for (String asked : server.asked()) {
            for (Fault fault : faults(asked)) {
                Disturbance disturbance = new Disturbance(asked, fault);
                String name = step.name() + ", " + fault + " at " + asked;
                World disturbed = done(from.world(), step.doing(), disturbance, () -> from.path() + "\n  " + name);
                visit(disturbed, left - 1, from, name).ifPresent(found::add);
            }
        }
        return found;
    }

    private static World done(World world, Doing doing, @Nullable Disturbance disturbance, Supplier<String> path)
            throws InterruptedException {
        WorldServer server = new WorldServer(world, disturbance);
        WorldController controller = new WorldController(server, world.memory());
        doing.with(server, controller);
        if (server.crashed()) {
            controller.start(false);
        }
        World next = freeze(server, controller);
        assertThat(server.wrong()).as(path.get()).isEmpty();
        assertThat(next.loads()).as(path.get()).allMatch(Load::safe);
        return next;
    }

    /** Empty when it was there before, with as many disturbances left. */
    private Optional<Visit> visit(World world, int left, @Nullable Visit from, String by) throws InterruptedException {
        Visit visit = new Visit(world, left, from, by);
        Integer before = explored.putIfAbsent(world, left);
        if (before == null) {
            comesToItsEnd(visit);
            return Optional.of(visit);
        }
        while (before < left) {
            if (explored.replace(world, before, left)) {
                return Optional.of(visit);
            }
            before = Objects.requireNonNull(explored.get(world));
        }
        return Optional.empty();
    }

    // What the controller does by itself.

    private static List<Step> ownSteps(World world) {
        List<Step> steps = new ArrayList<>();
        if (!world.told().isEmpty()) {
            steps.add(new Step(
                    "hear of the namespace", (server, controller) -> controller.hear(server.told.removeFirst())));
        }
        if (!world.requestsTold().isEmpty()) {
            steps.add(new Step(
                    "hear of a request", (server, controller) -> controller.hear(server.requestsTold.removeFirst())));
        }
        if (world.quotaTold()) {
            steps.add(new Step("hear of the quota", (server, controller) -> {
                server.quotaTold = false;
                controller.hearOfQuota();
            }));
        }
        if (world.memory().unsettled()) {
            steps.add(new Step("work: label", (_, controller) -> controller.settle()));
        }
        if (world.memory().needed()) {
            steps.add(new Step("work: flow", (_, controller) -> controller.work()));
        }
        for (String key : world.memory().reports()) {
            steps.add(new Step("work: status of " + key, (_, controller) -> controller.report(key)));
        }
        if (world.day() > 0) {
            steps.add(new Step("tick", (_, controller) -> controller.tick()));
        }
        return steps;
    }

    // What disturbs.

    private static List<Fault> faults(String asked) {
        List<Fault> faults = new ArrayList<>(List.of(Fault.REFUSED));
        boolean reads = asked.startsWith("get") || asked.startsWith("list");
        if (!reads) {
            faults.addAll(List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.LOST));
        }
        if (asked.startsWith("write")) {
            faults.add(Fault.SCALED);
        } else if (!asked.startsWith("list") && !asked.contains("request") && !asked.contains("status")) {
            faults.addAll(List.of(Fault.FLIPPED, Fault.UNGUARDED));
        }
        return faults;
    }

    private List<Step> disturbances(World world) {
        List<Step> steps = new ArrayList<>();
        for (String label : new String[] {Names.LOCKED, Names.ACTIVE, null}) {
            if (!Objects.equals(label, world.namespace().status())) {
                steps.add(new Step("label " + label, (server, _) -> server.label(label)));
            }
        }
        Load first = world.loads().getFirst();
        steps.add(new Step("scale", (server, _) -> server.scale(0)));
        if (first.note() != null && first.level() == 0) {
            steps.add(new Step("edit the note", (server, _) -> server.editNote(0, 7)));
        }
        if (world.quota() == Quota.RIGHT) {
            steps.add(new Step("delete the quota", (server, _) -> server.leaveQuota(Quota.MISSING)));
            steps.add(new Step("alter the quota", (server, _) -> server.leaveQuota(Quota.ALTERED)));
        }
        for (String name : withRequests ? REQUESTS : List.<String>of()) {
            steps.addAll(requestSteps(world, name));
        }
        if (world.day() == 0) {
            steps.add(new Step("the clock passes the end", (server, _) -> server.day = DAYS));
        }
        steps.add(new Step("crash", (_, controller) -> controller.start(false)));
        steps.add(new Step("crash, and an old list", (_, controller) -> controller.start(true)));
        steps.add(new Step("a list", (_, controller) -> controller.relist(false)));
        steps.add(new Step("an old list", (_, controller) -> controller.relist(true)));
        if (world.quotaTold()) {
            steps.add(new Step("miss what became of the quota", (server, _) -> {
                server.quotaTold = false;
                server.quotaMissed = true;
            }));
        }
        return steps;
    }

    private static List<Step> requestSteps(World world, String name) {
        Optional<BlockRequestView> request = world.requests().stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
        if (request.isEmpty()) {
            boolean remembered = world.memory().requests().stream()
                            .anyMatch(each -> each.name().equals(name))
                    || world.requestsTold().stream()
                            .anyMatch(each -> each.view().name().equals(name));
            return remembered
                    ? List.of()
                    : List.of(
                            new Step("create " + name, (server, _) -> server.put(fresh(RequestBuilder.locked(name)))));
        }
        BlockRequestView view = request.get();
        if (view.deleting()) {
            return List.of();
        }
        long version = view.resourceVersion() + 1;
        RequestBuilder builder = new RequestBuilder(view);
        BlockRequestView turned =
                builder.action(view.asksForLock() ? Names.ACTIVE : Names.LOCKED).view();
        List<Step> steps = new ArrayList<>();
        steps.add(new Step("turn " + name, (server, _) -> server.put(WorldServer.at(turned, version))));
        if (view.hasFinalizer()) {
            // One that is deleted before it has its finalizer is gone at once: docs/reliability.md says what then
            // stays.
            steps.add(new Step(
                    "delete " + name,
                    (server, _) -> server.put(WorldServer.at(builder.deleting().view(), version))));
        }
        return steps;
    }

    // The end.

    /** Left alone, the world comes to rest, and is then as its labels and requests want it. */
    private void comesToItsEnd(Visit visit) throws InterruptedException {
        List<World> way = new ArrayList<>();
        World world = visit.world();
        while (!ending.contains(world)) {
            way.add(world);
            assertThat(way).as(() -> "no rest after " + visit.path()).hasSizeLessThan(MOST_STEPS);
            Optional<Step> next = ownSteps(world).stream()
                    .filter(each -> !each.name().equals("tick"))
                    .findFirst();
            World after = next.isPresent() ? done(world, next.get().doing(), null, visit::path) : rested(world, visit);
            if (after.equals(world)) {
                check(world, visit.path());
                break;
            }
            world = after;
        }
        ending.addAll(way);
    }

    /** Nothing is left to do: a second passes, and in the end the slow scan comes round. */
    private static World rested(World world, Visit visit) throws InterruptedException {
        World after = done(world, (_, controller) -> controller.tick(), null, visit::path);
        if (after.equals(world) && world.quotaMissed()) {
            return done(
                    world,
                    (server, controller) -> {
                        server.quotaMissed = false;
                        controller.scanQuotas();
                    },
                    null,
                    visit::path);
        }
        return after;
    }

    private static void check(World world, String path) {
        NamespaceView namespace = world.namespace();
        if (namespace.terminating()) {
            return;
        }
        List<String> holders = world.requests().stream()
                .filter(BlockRequestView::holds)
                .map(BlockRequestView::key)
                .toList();
        assertThat(namespace.heldBy()).as(path).isEqualTo(holders.isEmpty() ? null : String.join(",", holders));
        if (!holders.isEmpty()) {
            assertThat(namespace.status()).as(path).isEqualTo(Names.LOCKED);
        }
        if (Names.LOCKED.equals(namespace.status())) {
            assertThat(namespace.applied()).as(path).isEqualTo(Names.APPLIED_LOCKED);
            assertThat(namespace.unlockTimestamp()).as(path).isNotNull();
            assertThat(world.quota()).as(path).isEqualTo(Quota.RIGHT);
        } else {
            assertThat(namespace.applied()).as(path).isNull();
            assertThat(namespace.unlockTimestamp()).as(path).isNull();
            assertThat(world.quota()).as(path).isEqualTo(Quota.MISSING);
            assertThat(world.loads()).as(path).allMatch(each -> each.level() == each.due() && each.note() == null);
        }
        for (BlockRequestView request : world.requests()) {
            assertThat(request.deleting()).as(path).isFalse();
            assertThat(request.hasFinalizer()).as(path).isTrue();
            assertThat(request.status().observedGeneration()).as(path).isEqualTo(request.generation());
            assertThat(request.status().ready().map(BlockRequestStatus.Condition::reason))
                    .as(path)
                    .contains(expected(request, holders));
        }
    }

    /** One that asks to open what another holds is told so. */
    private static String expected(BlockRequestView request, List<String> holders) {
        return request.asksForLock() || holders.isEmpty()
                ? BlockRequestStatus.APPLIED
                : BlockRequestStatus.PARTLY_FAILED;
    }
}
