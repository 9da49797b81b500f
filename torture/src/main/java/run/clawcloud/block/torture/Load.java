package run.clawcloud.block.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import run.clawcloud.block.BlockController;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.http.Fault;
import run.clawcloud.block.kubesim.http.Fault.Effect;
import tools.jackson.databind.node.ObjectNode;

/** Much at once: what is promised holds all the same, and the requests stay in proportion to what there is to do. */
final class Load {

    /**
     * What came out of one of them.
     *
     * @param what was done
     * @param took until the controller was through
     * @param requests of the controller
     * @param problems what was not as promised
     */
    record Result(String what, Duration took, long requests, List<String> problems) {

        @Override
        public String toString() {
            return "%s: %.1f s, %d requests, %d problems"
                    .formatted(what, took.toMillis() / 1000.0, requests, problems.size());
        }
    }

    /** Far more than one lock or unlock needs, or one workload. */
    private static final int MOST_REQUESTS_PER_THING = 40;

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final String CROWDED = "crowded";
    private static final int TARGETS_OF_STORM = 20;

    /** One request in twenty-five meets one of these. */
    private static final List<Fault> FAULTS = List.of(
            Fault.of(Effect.STATUS).withStatus(503, 0).withProbability(0.01),
            Fault.of(Effect.STATUS).withStatus(429, 1).withProbability(0.01),
            Fault.of(Effect.DROP_AFTER).withProbability(0.01),
            Fault.of(Effect.DROP_BEFORE).withProbability(0.01),
            Fault.of(Effect.EXPIRE_WATCH)
                    .on("watch", "namespaces")
                    .afterEvents(50)
                    .times(5));

    private final World world;
    private final List<String> namespaces;
    private final List<String> problems = new ArrayList<>();
    private final long begin = System.nanoTime();

    private Load(World world, List<String> namespaces) {
        this.world = world;
        this.namespaces = namespaces;
    }

    /** Namespaces that are locked, and then unlocked, all in one go, under faults. */
    static Result locksAtOnce(int count) throws InterruptedException {
        try (World world = World.open(List.of())) {
            List<String> namespaces = furnish(world, count);
            try (BlockController controller = started(world)) {
                Load load = new Load(world, namespaces);
                world.faults().set(count, FAULTS);
                namespaces.forEach(each -> world.status(each, Names.LOCKED));
                load.await("locked", load::locked);
                namespaces.forEach(each -> world.status(each, null));
                load.await("unlocked", load::untouched);
                world.faults().clear();
                load.rest(controller, 2L * count);
                return load.result(count + " namespaces locked and unlocked in one go, "
                        + world.faults().struck() + " faults");
            }
        }
    }

    /** People who change their mind faster than anybody can follow: the last word counts. */
    static Result flips(int perSecond, Duration lasting, int count) throws InterruptedException {
        try (World world = World.open(List.of())) {
            List<String> namespaces = furnish(world, count);
            try (BlockController controller = started(world)) {
                Load load = new Load(world, namespaces);
                SplittableRandom random = new SplittableRandom(perSecond);
                long flips = perSecond * lasting.toSeconds();
                for (int flip = 0; flip < flips; flip++) {
                    String one = namespaces.get(random.nextInt(count));
                    world.status(one, random.nextBoolean() ? Names.LOCKED : null);
                    long due = load.begin + (flip + 1) * Duration.ofSeconds(1).toNanos() / perSecond;
                    Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                }
                load.await("as labelled last", each -> load.wantsLock(each) ? load.locked(each) : load.untouched(each));
                load.rest(controller, flips);
                return load.result(flips + " flips on " + count + " namespaces, " + perSecond + " a second");
            }
        }
    }

    /**
     * BlockRequests that name and select the same namespaces, all made and, once they are Ready, all deleted at once.
     */
    static Result storm(int requests) throws InterruptedException {
        try (World world = World.open(List.of())) {
            List<String> namespaces = furnish(world, TARGETS_OF_STORM);
            for (int i = 0; i < TARGETS_OF_STORM; i++) {
                world.label(namespaces.get(i), "team", "team-" + i % 4);
            }
            try (BlockController controller = started(world)) {
                Load load = new Load(world, namespaces);
                List<String> names =
                        IntStream.range(0, requests).mapToObj(i -> "storm-" + i).toList();
                for (int i = 0; i < requests; i++) {
                    world.request(names.get(i), specOfStorm(i, namespaces));
                }
                load.await("held", load::locked);
                load.await(names, "Ready", world::applied);
                names.forEach(each -> world.delete(world.requests(), World.REQUESTS, each));
                load.await("released", load::untouched);
                load.await(
                        "without requests",
                        _ -> world.list(world.requests(), World.REQUESTS).isEmpty());
                load.rest(controller, 2L * TARGETS_OF_STORM + requests);
                return load.result(requests + " BlockRequests for the same " + TARGETS_OF_STORM + " namespaces");
            }
        }
    }

    /** Every second one by a selector. */
    private static String specOfStorm(int number, List<String> namespaces) {
        String one = namespaces.get(number % TARGETS_OF_STORM);
        String next = namespaces.get((number + 1) % TARGETS_OF_STORM);
        return number % 2 == 0
                ? "{\"action\":\"locked\",\"namespaceNames\":[\"" + one + "\",\"" + next + "\"]}"
                : "{\"action\":\"locked\",\"namespaceSelector\":{\"matchLabels\":{\"team\":\"team-" + number % 4
                        + "\"}},\"namespaceNames\":[\"" + one + "\"]}";
    }

    /** One namespace with many Deployments, and no ReplicaSet or pod: nobody else is at work in it. */
    static Result crowded(int deployments) throws InterruptedException {
        try (World world = World.open(List.of())) {
            return crowded(world, deployments, 0);
        }
    }

    /**
     * The same, with a ReplicaSet and pods for each. For far fewer: the embedded cluster looks at all the pods of the
     * namespace for each ReplicaSet.
     */
    static Result populated(int deployments) throws InterruptedException {
        try (World world = World.open()) {
            return crowded(world, deployments, deployments * Workload.DEPLOYMENT.pods());
        }
    }

    private static Result crowded(World world, int deployments, int pods) throws InterruptedException {
        List<String> names = IntStream.range(0, deployments)
                .mapToObj(i -> Workload.DEPLOYMENT.label() + "-" + i)
                .toList();
        world.namespace(CROWDED);
        names.forEach(each -> Workload.DEPLOYMENT.createIn(world, CROWDED, each));
        Patience.require("pods", LIMIT, () -> pods(world) == pods);
        try (BlockController controller = started(world)) {
            Load load = new Load(world, List.of(CROWDED));
            world.status(CROWDED, Names.LOCKED);
            load.await("locked", each -> load.applied(each).equals(Names.APPLIED_LOCKED));
            load.expectEach(names, "scaled down", each -> load.isDown(Workload.DEPLOYMENT, CROWDED, each));
            load.await("without pods", _ -> pods(world) == 0);
            world.status(CROWDED, null);
            load.await("unlocked", each -> load.applied(each).isEmpty());
            load.expectEach(names, "as it was", each -> load.isUp(Workload.DEPLOYMENT, CROWDED, each));
            load.await("with all its pods", _ -> pods(world) == pods);
            load.expectNoCopies();
            load.rest(controller, deployments);
            return load.result(
                    "one namespace with " + deployments + " Deployments and " + pods + " pods locked and unlocked");
        }
    }

    private static int pods(World world) {
        return world.list(Kinds.PODS, CROWDED).size();
    }

    private static List<String> furnish(World world, int count) {
        List<String> namespaces =
                IntStream.range(0, count).mapToObj(i -> "load-" + i).toList();
        for (String each : namespaces) {
            world.namespace(each);
            Workload.STATEFUL_SET.createIn(world, each);
        }
        return namespaces;
    }

    private static BlockController started(World world) throws InterruptedException {
        BlockController controller = Start.PLAIN.on(world);
        Patience.require("first list", LIMIT, controller::synced);
        world.counters().reset();
        return controller;
    }

    private void await(String what, Predicate<String> condition) throws InterruptedException {
        await(namespaces, what, condition);
    }

    private void await(List<String> names, String what, Predicate<String> condition) throws InterruptedException {
        for (String each : names) {
            if (!Patience.until(LIMIT, () -> condition.test(each))) {
                problems.add(each + " is not " + what);
            }
        }
    }

    private String applied(String namespace) {
        return world.label(namespace, Names.APPLIED_LABEL);
    }

    private boolean wantsLock(String namespace) {
        return world.label(namespace, Names.STATUS_LABEL).equals(Names.LOCKED);
    }

    private boolean locked(String namespace) {
        return applied(namespace).equals(Names.APPLIED_LOCKED)
                && isDown(Workload.STATEFUL_SET, namespace, Workload.STATEFUL_SET.label());
    }

    private boolean untouched(String namespace) {
        return applied(namespace).isEmpty() && isUp(Workload.STATEFUL_SET, namespace, Workload.STATEFUL_SET.label());
    }

    private boolean isDown(Workload kind, String namespace, String name) {
        ObjectNode workload = world.find(kind.type(), namespace, name);
        return workload != null
                && workload.at("/spec/replicas").asInt(1) == 0
                && World.text(workload, "annotations", Names.ORIGINAL_REPLICAS).equals(Integer.toString(kind.pods()));
    }

    private boolean isUp(Workload kind, String namespace, String name) {
        ObjectNode workload = world.find(kind.type(), namespace, name);
        return workload != null
                && workload.at("/spec/replicas").asInt(1) == kind.pods()
                && World.text(workload, "annotations", Names.ORIGINAL_REPLICAS).isEmpty();
    }

    private void expectEach(List<String> names, String what, Predicate<String> condition) {
        names.stream()
                .filter(condition.negate())
                .forEach(each -> problems.add(CROWDED + "/" + each + " is not " + what));
    }

    /** The Deployment controller copies notes to ReplicaSets; what an unlock leaves there, nobody takes away. */
    private void expectNoCopies() {
        world.list(Kinds.REPLICA_SETS, CROWDED).stream()
                .filter(each -> !World.text(each.tree(), "annotations", Names.ORIGINAL_REPLICAS)
                        .isEmpty())
                .forEach(each -> problems.add(CROWDED + "/" + each.name() + " has a copy of a note"));
    }

    /** Comes to rest, with no more requests than so many things to do call for. */
    private void rest(BlockController controller, long things) throws InterruptedException {
        if (!Patience.until(LIMIT, controller::idle)) {
            problems.add("the controller does not come to rest");
        }
        if (world.counters().total() > MOST_REQUESTS_PER_THING * things) {
            problems.add(world.counters().total() + " requests for " + things + " things to do");
        }
    }

    private Result result(String what) {
        return new Result(
                what,
                Duration.ofNanos(System.nanoTime() - begin),
                world.counters().total(),
                problems);
    }
}
