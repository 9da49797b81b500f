package run.clawcloud.block.torture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import run.clawcloud.block.torture.CrashTrial.Cut;
import run.clawcloud.block.torture.CrashTrial.Result;

/** Crashes before and after the requests of many flows. */
final class CrashSweep {

    /** Worlds at once: they wait more than they work. */
    private static final int AT_ONCE = 12;

    private CrashSweep() {}

    /** Every request of every flow, in a namespace with all kinds of workload. */
    static List<CrashTrial> everyFlow() {
        List<CrashTrial> trials = new ArrayList<>();
        for (Flow flow : Flow.values()) {
            trials.addAll(bothCuts(flow, Arrays.asList(Workload.values()), 1, 1));
        }
        return trials;
    }

    /** Every request of every flow, with every kind of workload by itself. */
    static List<CrashTrial> everyKind() {
        List<CrashTrial> trials = new ArrayList<>();
        for (Flow flow : Flow.values()) {
            for (Workload workload : Workload.values()) {
                trials.addAll(bothCuts(flow, List.of(workload), 1, 1));
            }
        }
        return trials;
    }

    /**
     * A BlockRequest of many namespaces, and its end.
     *
     * @param step 1 for every request, 2 for every second one
     */
    static List<CrashTrial> manyTargets(int targets, int step) {
        List<CrashTrial> trials = new ArrayList<>();
        for (Flow flow : List.of(Flow.HOLD, Flow.RELEASE)) {
            trials.addAll(bothCuts(flow, List.of(Workload.DEPLOYMENT), targets, step));
        }
        return trials;
    }

    private static List<CrashTrial> bothCuts(Flow flow, List<Workload> workloads, int count, int step) {
        return Arrays.stream(Cut.values())
                .map(cut -> new CrashTrial(flow, workloads, count, cut, step))
                .toList();
    }

    /** Runs them, and adds up what came out. */
    static Result run(List<CrashTrial> trials) throws InterruptedException {
        List<String> problems = new ArrayList<>();
        int requests = 0;
        int crashes = 0;
        try (ExecutorService worlds = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Result>> results =
                    trials.stream().map(trial -> worlds.submit(trial::run)).toList();
            for (Future<Result> each : results) {
                Result result = each.get();
                requests += result.requests();
                crashes += result.crashes();
                problems.addAll(result.problems());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return new Result(requests, crashes, problems);
    }
}
