package run.clawcloud.block.torture;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the torture. Exit status: 0 every promise was kept, 1 one was not, 2 a bad option. */
@Command(
        name = "block-controller torture",
        description = "Breaks cluster and controller on purpose, and checks that nothing is lost.",
        mixinStandardHelpOptions = true,
        subcommands = {CrashCommand.class, LoadCommand.class})
public final class Torture implements Callable<Integer> {

    /**
     * The library of the embedded cluster says each time that it starts, and of which requests and connections it was
     * torn away when it ends. Kept, for loggers live as long as they are.
     */
    private static final Logger SERVER = Logger.getLogger("io.helidon");

    @Option(
            names = "--seeds",
            defaultValue = "100",
            paramLabel = "N",
            description = "How many seeds, one after the other (${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "K",
            description = "The first of them (${DEFAULT-VALUE}).")
    private long seed;

    private final PrintStream err;

    private Torture(PrintStream err) {
        this.err = err;
    }

    /** Runs it and exits with its status. */
    public static void main(String[] arguments) {
        SERVER.setLevel(Level.OFF);
        // Controllers that are broken on purpose have much to complain about.
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
                .setLevel(ch.qos.logback.classic.Level.OFF);
        System.exit(run(System.err, arguments));
    }

    /** Runs it; returns the exit status. */
    static int run(PrintStream err, String... arguments) {
        return new CommandLine(new Torture(err))
                .setParameterExceptionHandler((problem, args) -> {
                    err.println("block-controller torture: " + problem.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws InterruptedException {
        SeedTrial.Result result = SeedSweep.run(seed, seeds, err::println);
        err.printf(
                "%d seeds, %d faults, %d controllers restarted, %d requests: %d promises not kept%n",
                seeds,
                result.faults(),
                result.restarts(),
                result.requests(),
                result.problems().size());
        return result.problems().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
