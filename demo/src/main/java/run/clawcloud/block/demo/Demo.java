package run.clawcloud.block.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Progress;

/** The command line of the demo. Exit status: 0 every check held, 1 one did not or something broke, 2 a bad option. */
@Command(
        name = "block-controller demo",
        description = "Locks, unlocks and expires namespaces of an embedded cluster, and checks every object.",
        sortOptions = false)
public final class Demo implements Callable<Integer> {
    /** Set by the launcher script: where it is, and whether stderr is a terminal. */
    private static final String LAUNCHER = "BLOCK_CONTROLLER_LAUNCHER";

    private static final String TERMINAL = "BLOCK_CONTROLLER_TERMINAL";

    private enum Output {
        text,
        json
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--namespaces",
            defaultValue = "1000",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Namespaces of the cluster (${DEFAULT-VALUE}).")
    private int namespaces;

    @Option(
            names = "--lock",
            defaultValue = "200",
            paramLabel = "N",
            converter = WholeNumber.class,
            description =
                    "Namespaces to lock, half of them by a BlockRequest with a selector and half by one with names,"
                            + " and to unlock again (${DEFAULT-VALUE}).")
    private int lock;

    @Option(
            names = "--expire",
            defaultValue = "20",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Other namespaces, to lock until their time is up (${DEFAULT-VALUE}).")
    private int expire;

    @Option(names = "--keep", description = "Leave cluster and controller running, and say how to reach them.")
    private boolean keep;

    @Option(
            names = "--output",
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text or json (${DEFAULT-VALUE}).")
    private Output output = Output.text;

    @Option(
            names = "--timeout",
            defaultValue = "60s",
            paramLabel = "TIME",
            converter = Seconds.class,
            description = "Give up when nothing has moved for so long, as in 90s or 5m (${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and shows the help by itself.
    private boolean help;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    private Demo(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /** Runs the demo and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, System.getenv(), arguments));
    }

    /** Runs the demo with these streams and this environment; returns the exit status. */
    static int run(PrintStream out, PrintStream err, Map<String, String> environment, String... arguments) {
        return new CommandLine(new Demo(out, err, environment))
                .setParameterExceptionHandler((problem, args) -> {
                    err.println("block-controller demo: " + problem.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (!(failure instanceof HarnessException)) {
                        throw failure;
                    }
                    err.println("block-controller demo: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        Options options = new Options(namespaces, lock, expire, keep, timeout);
        Optional<Options.Problem> problem = options.problem();
        if (problem.isPresent() && spec != null) {
            throw new ParameterException(spec.commandLine(), problem.get().toString());
        }
        String launcher = environment.get(LAUNCHER);
        if (launcher == null) {
            throw new HarnessException("start it through the launcher script, as ./block-controller demo");
        }
        Progress progress = new Progress(err, environment.containsKey(TERMINAL));
        Report report = new Session(options, Path.of(launcher), progress, err).run();
        err.println();
        out.println(output == Output.json ? report.toJson().toPrettyString() : report.toTable());
        report.failureLines().forEach(err::println);
        return report.held() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** A number of things. */
    private static final class WholeNumber implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            try {
                return Integer.valueOf(value);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + value + "' is not allowed: a whole number");
            }
        }
    }

    /** A time of seconds, minutes or hours, as in 90s. */
    private static final class Seconds implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("([1-9]\\d{0,5})([smh])");

        @Override
        public Duration convert(String value) {
            Matcher time = TIME.matcher(value);
            if (!time.matches()) {
                throw new TypeConversionException(
                        "'" + value + "' is not allowed: a whole number from 1 with s, m or h, such as 90s");
            }
            long count = Long.parseLong(time.group(1));
            return switch (time.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofHours(count);
            };
        }
    }
}
