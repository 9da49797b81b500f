package run.clawcloud.block.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import run.clawcloud.block.torture.CrashTrial.Result;

/** {@code torture crash}: a crash before and after every request. */
@Command(
        name = "crash",
        description = "Kills the controller before and after every request of every flow, and compares the ends.",
        mixinStandardHelpOptions = true)
final class CrashCommand implements Callable<Integer> {

    @Option(
            names = "--targets",
            defaultValue = "50",
            paramLabel = "N",
            description = "Namespaces of the BlockRequest (${DEFAULT-VALUE}); 0 for none.")
    private int targets;

    @Option(
            names = "--step",
            defaultValue = "1",
            paramLabel = "N",
            description = "Of its requests, kill at every N-th (${DEFAULT-VALUE}).")
    private int step;

    @Option(names = "--targets-only", description = "The BlockRequest alone, without the flows of one namespace.")
    private boolean targetsOnly;

    @Override
    public Integer call() throws InterruptedException {
        List<CrashTrial> trials = new ArrayList<>();
        if (!targetsOnly) {
            trials.addAll(CrashSweep.everyKind());
            trials.addAll(CrashSweep.everyFlow());
        }
        if (targets > 0) {
            trials.addAll(CrashSweep.manyTargets(targets, step));
        }
        Result result = CrashSweep.run(trials);
        result.problems().forEach(System.out::println);
        System.out.printf(
                "%d crashes at %d requests of %d flows: %d ended otherwise than without%n",
                result.crashes(),
                result.requests() / 2,
                trials.size() / 2,
                result.problems().size());
        return result.problems().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
