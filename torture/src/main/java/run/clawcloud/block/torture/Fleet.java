package run.clawcloud.block.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import run.clawcloud.block.BlockController;
import run.clawcloud.block.Settings;
import run.clawcloud.block.kubesim.http.Fault;
import run.clawcloud.block.leader.Timing;

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

    private static final Duration LONGEST_START = Duration.ofSeconds(5);

    private final World world;
    private final Start start;
    private final List<BlockController> controllers = new ArrayList<>();
    private final BiConsumer<String, Integer> overlap;
    private int starts;

    /**
     * Starts them.
     *
     * @param overlap hears of a namespace on which so many workers of one controller are at once
     */
    Fleet(World world, boolean two, BiConsumer<String, Integer> overlap) throws InterruptedException {
        this.world = world;
        this.overlap = overlap;
        Start alone = Start.PLAIN.withSlowScan(SLOW_SCAN);
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
