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
import java.util.function.Consumer;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Subscription;
import run.clawcloud.block.kubesim.store.WatchEvent;

/**
 * A hostile API server, people in the way and controllers that are killed, all drawn from one seed; then calm, and the
 * end has to be what the labels say, with every workload at the size that somebody gave it last. The seed draws the
 * same plan each time; how controller and people interleave is up to the machine.
 */
final class SeedTrial {

    /** A controller that has failed often waits long: a feed up to 30 s, a slow scan for a minute. */
    private static final Duration LIMIT = Duration.ofSeconds(100);

    private static final int LOOKS = 10;
    private static final Duration QUIET = Duration.ofMillis(300);
    private static final Duration TEND = Duration.ofMillis(100);
    private static final Set<String> FED = Set.of("namespaces", "resourcequotas", "blockrequests");
    private static final int TENANTS = 4;
    private static final int ACTIONS = 60;

    /** People act when the controller has sent so many requests since, or after a while. */
    private static final int MOST_REQUESTS_BETWEEN = 12;

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    /** Far more than that is no work any more but a loop. */
    private static final int MOST_REQUESTS_PER_ACTION = 100;

    private final long seed;
    private final SplittableRandom random;
    private final Consumer<String> told;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();

    /** Those of them that only something to do brings about. */
    private final AtomicInteger work = new AtomicInteger();

    /** The uids of namespaces that may be deleted: by people, or because their time is up. */
    private final Set<String> mayGo = ConcurrentHashMap.newKeySet();

    private volatile Consumer<String> heard = userAgent -> {};
    private int restarts;
    private long faults;

    /** @param told hears of each promise that was not kept, at once */
    SeedTrial(long seed, Consumer<String> told) {
        this.seed = seed;
        this.told = told;
        this.random = new SplittableRandom(seed);
    }

    /**
     * What came out.
     *
     * @param faults that struck
     * @param requests of the controllers
     * @param restarts of controllers: that were killed, were stopped, or had lost the Lease
     * @param problems promises that were not kept, each with the seed
     */
    record Result(long faults, int requests, int restarts, List<String> problems) {}

    Result run() throws InterruptedException {
        try (World world = World.open();
                Subscription _ = world.api().watch(Kinds.NAMESPACES, event -> {
                    if (!world.restoring()) {
                        namespaceChanged(event);
                    }
                })) {
            WriteRecord record = new WriteRecord(world, this::problem);
            world.counters().listen((verb, resource, userAgent) -> {
                record.requested(verb, resource, userAgent);
                heard.accept(userAgent);
                if (!resource.equals("leases")) {
                    requests.incrementAndGet();
                    if (!goesOn(verb, resource)) {
                        work.incrementAndGet();
                    }
                }
            });
            List<Tenant> tenants = new ArrayList<>();
            for (int i = 0; i < TENANTS; i++) {
                tenants.add(Tenant.make(world, "tenant-" + i, random));
            }
            Tenant.make(world, Start.PROTECTED, random);
            world.status(Start.PROTECTED, Names.LOCKED);
            Tenant doomed = Tenant.make(world, "doomed", random);
            mayGo.add(doomed.uid());
            People people = new People(world, tenants, doomed, mayGo, random.split());
            JumpingClock clock = new JumpingClock();
            try (Sanctuary _ = new Sanctuary(world, this::problem);
                    Fleet fleet = new Fleet(world, random.nextBoolean(), clock, this::overlap)) {
                heard = fleet::heard;
                chaos(people, fleet, clock, tenants);
                settle(world, fleet, tenants, doomed);
                restarts = fleet.starts() - fleet.size();
            }
            faults = world.faults().struck();
            if (requests.get() > MOST_REQUESTS_PER_ACTION * ACTIONS) {
                problem(requests.get() + " requests for " + ACTIONS + " actions");
            }
        }
        return new Result(faults, requests.get(), restarts, List.copyOf(problems));
    }

    /**
     * What comes in a time of rest, too: feeds that were cut take heart again, and Events are told at their own pace.
     */
    private static boolean goesOn(String verb, String resource) {
        return resource.equals("events") || ((verb.equals("list") || verb.equals("watch")) && FED.contains(resource));
    }

    private void chaos(People people, Fleet fleet, JumpingClock clock, List<Tenant> tenants)
            throws InterruptedException {
        World world = people.world();
        world.faults().set(random.nextLong(), FaultPlan.draw(random));
        // Nobody can know who may write when the Lease itself goes back in time.
        int restoredAt = fleet.size() == 1 && random.nextBoolean() ? random.nextInt(2, ACTIONS) : ACTIONS;
        int backedUpAt = random.nextInt(restoredAt);
        Backup backup = null;
        for (int i = 0; i < ACTIONS; i++) {
            if (i == backedUpAt) {
                backup = Backup.of(world, tenants, mayGo);
            }
            if (i == restoredAt && backup != null) {
                backup.restore(random.nextLong(), FaultPlan.draw(random));
            }
            people.act();
            fleet.tend();
            switch (random.nextInt(20)) {
                case 0 -> fleet.kill(random);
                case 1 -> fleet.stop(random);
                case 2 -> fleet.partition(random);
                case 3 -> clock.jump(random);
                default -> {
                    // They work on.
                }
            }
            int requestsLater = requests.get() + random.nextInt(MOST_REQUESTS_BETWEEN);
            Patience.until(LONGEST_PAUSE, () -> requests.get() >= requestsLater);
        }
        world.faults().clear();
    }

    /** Nothing goes wrong any more, and nobody does anything. */
    private void settle(World world, Fleet fleet, List<Tenant> tenants, Tenant doomed) throws InterruptedException {
        tenants.forEach(Tenant::mendTypo);
        await("as labelled", fleet, tenants);
        require("the namespace whose time is up is gone", fleet, () -> world.find(doomed.name()) == null);
        world.list(world.requests(), World.REQUESTS)
                .forEach(each -> world.delete(world.requests(), World.REQUESTS, each.name()));
        require(
                "the requests are gone",
                fleet,
                () -> world.list(world.requests(), World.REQUESTS).isEmpty());
        tenants.forEach(each -> world.status(each.name(), null));
        await("unlocked", fleet, tenants);
        rest(fleet);
    }

    /** What failed before is tried again after a while: that, too, has to come to its end. */
    private void rest(Fleet fleet) throws InterruptedException {
        int begun;
        int more;
        int looks = 0;
        do {
            require("the controllers rest", fleet, fleet::idle);
            begun = fleet.starts();
            int calm = work.get();
            Thread.sleep(QUIET);
            more = work.get() - calm;
            fleet.tend();
            looks++;
            // One that has just been started has to look at everything.
        } while (fleet.starts() != begun || (more > 0 && looks < LOOKS));
        if (more > 0) {
            problem(more + " requests though nothing happens, at look " + looks);
        }
    }

    private void require(String what, Fleet fleet, BooleanSupplier condition) throws InterruptedException {
        if (!comesTrue(fleet, condition)) {
            problem("not so: " + what);
        }
    }

    private void await(String what, Fleet fleet, List<Tenant> tenants) throws InterruptedException {
        for (Tenant tenant : tenants) {
            if (!comesTrue(fleet, () -> tenant.problems().isEmpty())) {
                tenant.problems().forEach(each -> problem(what + ": " + each));
            }
        }
    }

    private static boolean comesTrue(Fleet fleet, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() - end < 0) {
            fleet.tend();
            if (Patience.until(TEND, condition)) {
                return true;
            }
        }
        return false;
    }

    private void overlap(String namespace, int workers) {
        problem(workers + " workers at once on " + namespace);
    }

    private void namespaceChanged(WatchEvent event) {
        boolean going = event.kind() == WatchEvent.Kind.DELETED
                || event.object().tree().path("metadata").has("deletionTimestamp");
        if (going && !mayGo.contains(event.object().uid())) {
            problem("namespace " + event.object().name() + " was deleted");
        }
    }

    private void problem(String what) {
        String problem =
                "seed " + seed + ": " + what + " (repeat: ./block-controller torture --seeds 1 --seed " + seed + ")";
        problems.add(problem);
        told.accept(problem);
    }
}
