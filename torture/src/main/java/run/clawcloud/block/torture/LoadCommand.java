package run.clawcloud.block.torture;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code torture load}: much at once. */
@Command(
        name = "load",
        description = "Locks and unlocks many namespaces at once, and changes their labels fast.",
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {

    @Option(
            names = "--namespaces",
            defaultValue = "20000",
            paramLabel = "N",
            description = "Locked and unlocked in one go (${DEFAULT-VALUE}).")
    private int namespaces;

    @Option(
            names = "--flips",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Changes of a label a second, on 100 namespaces (${DEFAULT-VALUE}).")
    private int flips;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            paramLabel = "S",
            description = "For how long (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--requests",
            defaultValue = "200",
            paramLabel = "N",
            description = "BlockRequests for the same namespaces (${DEFAULT-VALUE}).")
    private int requests;

    @Option(
            names = "--deployments",
            defaultValue = "5000",
            paramLabel = "N",
            description = "Deployments in one namespace, which have no pods (${DEFAULT-VALUE}).")
    private int deployments;

    @Option(
            names = "--populated",
            defaultValue = "500",
            paramLabel = "N",
            description = "Deployments in one namespace, with a ReplicaSet and three pods each (${DEFAULT-VALUE}).")
    private int populated;

    @Override
    public Integer call() throws InterruptedException {
        int problems = tell(Load.crowded(deployments))
                + tell(Load.populated(populated))
                + tell(Load.storm(requests))
                + tell(Load.flips(flips, Duration.ofSeconds(seconds), 100))
                + tell(Load.locksAtOnce(namespaces));
        return problems == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private int tell(Load.Result result) {
        result.problems().forEach(System.out::println);
        System.out.println(result);
        return result.problems().size();
    }
}
