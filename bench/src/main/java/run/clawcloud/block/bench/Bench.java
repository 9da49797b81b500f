package run.clawcloud.block.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import run.clawcloud.block.harness.HarnessException;

/**
 * The command line of the benchmarks. Exit status: 0 it was measured, whatever came of it; 1 something broke; 2 a bad
 * option.
 */
@Command(
        name = "block-controller bench",
        description = "Measures the controller, on an embedded cluster or a real one.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false)
public final class Bench implements Runnable {
    /** Set by the launcher script: where it is, and whether stderr is a terminal. */
    private static final String LAUNCHER = "BLOCK_CONTROLLER_LAUNCHER";

    private static final String TERMINAL = "BLOCK_CONTROLLER_TERMINAL";

    @CommandLine.Spec
    private @Nullable CommandSpec spec;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and shows the help by itself.
    private boolean help;

    private Bench() {}

    /** Runs a benchmark and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(run(
                new PrintWriter(System.out, true, UTF_8),
                new PrintWriter(System.err, true, UTF_8),
                System.getenv(),
                arguments));
    }

    /** Runs a benchmark with these streams and this environment; returns the exit status. */
    static int run(PrintWriter out, PrintWriter err, Map<String, String> environment, String... arguments) {
        Lab lab = new Lab(environment.get(LAUNCHER), environment.containsKey(TERMINAL), out);
        return new CommandLine(new Bench())
                .addSubcommand("micro", new MicroCommand(lab))
                .addSubcommand("scale", new ScaleCommand(lab))
                .addSubcommand("latency", new LatencyCommand(lab))
                .addSubcommand("throughput", new ThroughputCommand(lab))
                .addSubcommand("crowded", new CrowdedCommand(lab))
                .addSubcommand("soak", new SoakCommand(lab))
                .addSubcommand("chart", new ChartCommand(lab))
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((problem, args) -> {
                    err.println("block-controller bench: " + firstLine(problem));
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (!(failure instanceof HarnessException)) {
                        throw failure;
                    }
                    err.println("block-controller bench: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }

    private static String firstLine(Exception problem) {
        return String.valueOf(problem.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "which one? micro, scale, latency, throughput, crowded, soak or chart");
        }
    }
}
