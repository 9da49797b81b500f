package run.clawcloud.block.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import run.clawcloud.block.BlockController;
import run.clawcloud.block.kubesim.http.Fault;

/**
 * A flow that is begun again and again, and each time the controller is cut off from the cluster at another request: a
 * crash, as the cluster sees it. What was sent before has taken effect, and nothing more comes. Another controller
 * takes up what it left, and the end has to be the one of a run without a crash.
 *
 * @param flow that is under way
 * @param workloads that stand in each namespace
 * @param count of namespaces
 * @param cut where
 * @param step 1 for every request, 2 for every second one
 */
record CrashTrial(Flow flow, List<Workload> workloads, int count, Cut cut, int step) {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** No request for so long: there will be none. */
    private static final Duration QUIET = Duration.ofMillis(400);

    /** Where a controller is cut off. */
    enum Cut {
        /** The request never arrives. */
        BEFORE,
        /** It is carried out, and the answer never arrives. */
        AFTER
    }

    /**
     * What came out.
     *
     * @param requests of a run without a crash
     * @param crashes runs with one
     * @param problems ends that differed
     */
    record Result(int requests, int crashes, List<String> problems) {}

    Result run() throws InterruptedException {
        try (World world = World.open()) {
            BlockController controller = ready(world);
            try {
                Scene calm = begun(world, 0, controller);
                AtomicInteger requests = counted(world);
                flow.begin(calm);
                Patience.require(this + " without a crash", LIMIT, () -> flow.ended(calm));
                awaitQuiet(requests);
                awaitIdle(controller);
                int all = requests.get();
                SortedMap<String, String> end = Essence.of(calm);
                List<String> problems = new ArrayList<>();
                int crashes = 0;
                for (int request = 1; request <= all; request += step) {
                    Scene scene = begun(world, request, controller);
                    crash(scene, request, controller);
                    crashes++;
                    controller = ready(world);
                    BlockController next = controller;
                    if (!Patience.until(
                            LIMIT,
                            () -> next.idle()
                                    && flow.ended(scene)
                                    && Essence.of(scene).equals(end))) {
                        problems.add("%s, a crash at request %d of %d:%n%s"
                                .formatted(this, request, all, Essence.differences(end, Essence.of(scene))));
                    }
                }
                return new Result(all, crashes, problems);
            } finally {
                controller.close();
            }
        }
    }

    /** Lets the flow go as far as that request, and no further. */
    private void crash(Scene scene, int request, BlockController controller) throws InterruptedException {
        World world = scene.world();
        AtomicInteger requests = counted(world);
        world.faults().set(0, cutOff(request));
        flow.begin(scene);
        // Another run may do with fewer requests: then it ends, and the crash comes after it.
        Patience.require(
                this + " as far as request " + request,
                LIMIT,
                () -> requests.get() >= request || (controller.idle() && flow.ended(scene)));
        controller.close();
        world.faults().clear();
    }

    private List<Fault> cutOff(int request) {
        Fault nothing = Fault.of(Fault.Effect.DROP_BEFORE);
        return switch (cut) {
            case BEFORE -> List.of(nothing.skipping(request - 1L));
            case AFTER ->
                List.of(Fault.of(Fault.Effect.DROP_AFTER).skipping(request - 1L).times(1), nothing.skipping(request));
        };
    }

    /** A scene in which the flow can begin. */
    private Scene begun(World world, int run, BlockController controller) throws InterruptedException {
        Scene scene = new Scene(world, run, count);
        scene.furnish(workloads);
        int pods = workloads.stream().mapToInt(Workload::pods).sum();
        Patience.require(
                "pods",
                LIMIT,
                () -> scene.namespaces().stream().allMatch(each -> Essence.livePods(world, each) == pods));
        flow.prepare(scene);
        awaitIdle(controller);
        return scene;
    }

    private BlockController ready(World world) throws InterruptedException {
        BlockController controller =
                Start.PLAIN.withExpiration(flow.expiration()).on(world);
        Patience.require("first list", LIMIT, controller::synced);
        return controller;
    }

    private static void awaitIdle(BlockController controller) throws InterruptedException {
        Patience.require("idle", LIMIT, controller::idle);
    }

    private static AtomicInteger counted(World world) {
        AtomicInteger requests = new AtomicInteger();
        world.counters().listen((verb, resource, userAgent) -> requests.incrementAndGet());
        return requests;
    }

    private static void awaitQuiet(AtomicInteger requests) throws InterruptedException {
        int before;
        do {
            before = requests.get();
            Thread.sleep(QUIET);
        } while (requests.get() != before);
    }
}
