package run.clawcloud.block.torture;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import run.clawcloud.block.BlockController;
import run.clawcloud.block.Settings;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.http.Fault;
import run.clawcloud.block.leader.Timing;
import tools.jackson.databind.node.ObjectNode;

/**
 * The controllers of one cluster: one alone, or two that compete for the Lease. One that ends because it has lost the
 * Lease is started anew, as the kubelet does. For one thread.
 */
final class Fleet implements AutoCloseable {

    /** A leader that could not renew its Lease stops five seconds before another one may begin. */
    private static final Settings.Election ELECTION = new Settings.Election(
            WriteRecord.LEASE_NAMESPACE,
            WriteRecord.LEASE,
            new Timing(Duration.ofSeconds(8), Duration.ofSeconds(3), Duration.ofMillis(300)));

    /** What happens to a quota while no controller watches is left to it. */
    private static final Duration SLOW_SCAN = Duration.ofSeconds(10);

    private static final Duration LONGEST_START = Duration.ofSeconds(1);

    private final World world;
    private final Start start;
    private final List<BlockController> controllers = new ArrayList<>();
    private final BiConsumer<String, Integer> overlap;

    /** As whom they have spoken. */
    private final Set<String> userAgents = ConcurrentHashMap.newKeySet();

    private int starts;

    /**
     * Starts them.
     *
     * @param clock by which they all go
     * @param overlap hears of a namespace on which so many workers of one controller are at once
     */
    Fleet(World world, boolean two, InstantSource clock, BiConsumer<String, Integer> overlap)
            throws InterruptedException {
        this.world = world;
        this.overlap = overlap;
        Start alone =
                Start.PLAIN.withSlowScan(SLOW_SCAN).withPages(Start.Pages.SMALL).withClock(clock);
        start = two ? alone.withElection(ELECTION) : alone;
        for (int i = 0; i < (two ? 2 : 1); i++) {
            controllers.add(started());
        }
    }

    /** A controller at work, or ready to be, unless the faults keep it from it. */
    private BlockController started() throws InterruptedException {
        starts++;
        BlockController controller = start.on(world, new Overlaps(overlap));
        Patience.until(LONGEST_START, controller::synced);
        return controller;
    }

    /** To be told of each request. */
    void heard(String userAgent) {
        userAgents.add(userAgent);
    }

    /**
     * Cuts one of two off, the one that holds the Lease or the other one: no request of it arrives until the faults are
     * changed. What it watches already goes on.
     */
    void partition(RandomGenerator random) {
        if (controllers.size() > 1) {
            ObjectNode lease = world.find(Kinds.LEASES, WriteRecord.LEASE_NAMESPACE, WriteRecord.LEASE);
            String leader =
                    lease == null ? "" : lease.at("/spec/holderIdentity").asString("");
            boolean cutsLeader = random.nextBoolean();
            List<Fault> faults = new ArrayList<>(FaultPlan.draw(random));
            userAgents.stream()
                    .filter(each -> each.contains(leader) == cutsLeader)
                    .forEach(each ->
                            faults.add(Fault.of(Fault.Effect.DROP_BEFORE).from(each)));
            world.faults().set(random.nextLong(), faults);
        }
    }

    /** How many controllers were started until now. */
    int starts() {
        return starts;
    }

    /** Kills one of them: nothing more of it arrives. Then other things go wrong, and another one is started. */
    void kill(RandomGenerator random) throws InterruptedException {
        int which = random.nextInt(controllers.size());
        world.faults().set(0, List.of(Fault.of(Fault.Effect.DROP_BEFORE)));
        controllers.get(which).close();
        world.faults().set(random.nextLong(), FaultPlan.draw(random));
        controllers.set(which, started());
    }

    /** Stops one of them in good order, whatever goes wrong meanwhile. */
    void stop(RandomGenerator random) throws InterruptedException {
        int which = random.nextInt(controllers.size());
        controllers.get(which).close();
        controllers.set(which, started());
    }

    /** Starts those anew that have ended. */
    void tend() throws InterruptedException {
        for (int i = 0; i < controllers.size(); i++) {
            if (controllers.get(i).ended()) {
                controllers.get(i).close();
                controllers.set(i, started());
            }
        }
    }

    /** How many there are at a time. */
    int size() {
        return controllers.size();
    }

    boolean idle() {
        return controllers.stream().allMatch(BlockController::idle);
    }

    @Override
    public void close() {
        controllers.forEach(BlockController::close);
    }
}
