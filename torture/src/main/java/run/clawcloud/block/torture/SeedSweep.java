package run.clawcloud.block.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import run.clawcloud.block.torture.SeedTrial.Result;

/** Many seeds, several worlds at once. */
final class SeedSweep {

    /** They wait more than they work. */
    private static final int AT_ONCE = 36;

    private SeedSweep() {}

    /**
     * Runs so many seeds from that one on, and adds up what came out.
     *
     * @param problem hears of each promise that was not kept, at once
     */
    static Result run(long first, int count, Consumer<String> problem) throws InterruptedException {
        long faults = 0;
        int requests = 0;
        int restarts = 0;
        List<String> problems = new ArrayList<>();
        try (ExecutorService worlds = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Result>> results = LongStream.range(first, first + count)
                    .mapToObj(seed -> worlds.submit(() -> new SeedTrial(seed, problem).run()))
                    .toList();
            for (Future<Result> each : results) {
                Result result = each.get();
                faults += result.faults();
                requests += result.requests();
                restarts += result.restarts();
                problems.addAll(result.problems());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return new Result(faults, requests, restarts, problems);
    }
}
