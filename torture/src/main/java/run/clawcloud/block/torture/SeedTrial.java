package run.clawcloud.block.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import run.clawcloud.block.BlockController;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.http.Fault;
import run.clawcloud.block.kubesim.store.Subscription;
import run.clawcloud.block.kubesim.store.WatchEvent;

/**
 * A hostile API server, people in the way and controllers that are killed, all drawn from one seed; then calm, and the
 * end has to be what the labels say, with every workload at the size that somebody gave it last. The seed draws the
 * same plan each time; how controller and people interleave is up to the machine.
 */
final class SeedTrial {

    /** A controller that has failed often waits long: the backoff of a feed goes up to 30 s. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration QUIET = Duration.ofMillis(300);
    private static final Duration LONGEST_START = Duration.ofSeconds(5);
    private static final int TENANTS = 4;
    private static final int ACTIONS = 60;

    /** People act when the controller has sent so many requests since, or after a while. */
    private static final int MOST_REQUESTS_BETWEEN = 12;

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    /** Far more than that is no work any more but a loop. */
    private static final int MOST_REQUESTS_PER_ACTION = 100;

    private final long seed;
    private final SplittableRandom random;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();

    /** Namespaces that may be deleted: by people, or because their time is up. */
    private final Set<String> mayGo = ConcurrentHashMap.newKeySet();

    private int crashes;
    private long faults;

    SeedTrial(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /**
     * What came out.
     *
     * @param faults that struck
     * @param requests of the controllers
     * @param crashes of controllers
     * @param problems promises that were not kept, each with the seed
     */
    record Result(long faults, int requests, int crashes, List<String> problems) {}

    Result run() throws InterruptedException {
        try (World world = World.open();
                Subscription _ = world.api().watch(Kinds.NAMESPACES, this::namespaceChanged)) {
            world.counters().listen((verb, resource, userAgent) -> requests.incrementAndGet());
            List<Tenant> tenants = new ArrayList<>();
            for (int i = 0; i < TENANTS; i++) {
                tenants.add(Tenant.make(world, "tenant-" + i, random));
            }
            Tenant untouchable = Tenant.make(world, Start.PROTECTED, random);
            world.status(Start.PROTECTED, Names.LOCKED);
            Tenant doomed = Tenant.make(world, "doomed", random);
            mayGo.add(doomed.name());
            long before = untouchable.version();
            try (BlockController controller = chaos(new People(world, tenants, doomed, random.split()))) {
                settle(world, controller, tenants, doomed);
            }
            faults = world.faults().struck();
            if (untouchable.version() != before) {
                problem("the protected namespace was changed");
            }
            if (requests.get() > MOST_REQUESTS_PER_ACTION * ACTIONS) {
                problem(requests.get() + " requests for " + ACTIONS + " actions");
            }
        }
        return new Result(faults, requests.get(), crashes, List.copyOf(problems));
    }

    /** Returns the controller that runs at its end. */
    private BlockController chaos(People people) throws InterruptedException {
        World world = people.world();
        BlockController controller = started(world);
        world.faults().set(random.nextLong(), FaultPlan.draw(random));
        for (int i = 0; i < ACTIONS; i++) {
            people.act();
            if (random.nextInt(15) == 0) {
                world.faults().set(0, List.of(Fault.of(Fault.Effect.DROP_BEFORE)));
                controller.close();
                crashes++;
                world.faults().set(random.nextLong(), FaultPlan.draw(random));
                controller = started(world);
            }
            int requestsLater = requests.get() + random.nextInt(MOST_REQUESTS_BETWEEN);
            Patience.until(LONGEST_PAUSE, () -> requests.get() >= requestsLater);
        }
        world.faults().clear();
        return controller;
    }

    /** A controller at work, unless the faults keep it from it. */
    private static BlockController started(World world) throws InterruptedException {
        BlockController controller = Start.PLAIN.on(world);
        Patience.until(LONGEST_START, controller::synced);
        return controller;
    }

    /** Nothing goes wrong any more, and nobody does anything. */
    private void settle(World world, BlockController controller, List<Tenant> tenants, Tenant doomed)
            throws InterruptedException {
        tenants.forEach(Tenant::mendTypo);
        await("as labelled", tenants);
        require("the namespace whose time is up is gone", () -> world.find(doomed.name()) == null);
        world.list(world.requests(), World.REQUESTS)
                .forEach(each -> world.delete(world.requests(), World.REQUESTS, each.name()));
        require(
                "the requests are gone",
                () -> world.list(world.requests(), World.REQUESTS).isEmpty());
        tenants.forEach(each -> world.status(each.name(), null));
        await("unlocked", tenants);
        require("the controller rests", controller::idle);
        int calm = requests.get();
        Thread.sleep(QUIET);
        if (requests.get() > calm + TENANTS) {
            problem((requests.get() - calm) + " requests though nothing happens");
        }
    }

    private void require(String what, BooleanSupplier condition) throws InterruptedException {
        if (!Patience.until(LIMIT, condition)) {
            problem("not so: " + what);
        }
    }

    private void await(String what, List<Tenant> tenants) throws InterruptedException {
        for (Tenant tenant : tenants) {
            if (!Patience.until(LIMIT, () -> tenant.problems().isEmpty())) {
                tenant.problems().forEach(each -> problem(what + ": " + each));
            }
        }
    }

    private void namespaceChanged(WatchEvent event) {
        String name = event.object().name();
        boolean going = event.kind() == WatchEvent.Kind.DELETED
                || event.object().tree().path("metadata").has("deletionTimestamp");
        if (going && !mayGo.contains(name)) {
            problem("namespace " + name + " was deleted");
        }
    }

    private void problem(String what) {
        problems.add(
                "seed " + seed + ": " + what + " (repeat: ./block-controller torture --seeds 1 --seed " + seed + ")");
    }
}
