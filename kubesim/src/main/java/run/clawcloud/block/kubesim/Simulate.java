package run.clawcloud.block.kubesim;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.seed.Tenants;

/** The command line of a simulated cluster that runs as a process of its own, until it is told to end. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs a simulated Kubernetes cluster on 127.0.0.1 and prints its URL when it is ready.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:ended by SIGTERM or SIGINT",
            "1:something else went wrong",
            "2:a bad flag",
            "6:the port is in use"
        })
public final class Simulate implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final int PORT_IN_USE = 6;

    /** Silent: what it has to say, this command says. Held, so that its level is not forgotten. */
    private static final Logger SERVER_LOG = Logger.getLogger("io.helidon");

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--port", paramLabel = "PORT", description = "Port to listen on, 0 for a free one (default: 0).")
    private int port;

    @Option(names = "--namespaces", paramLabel = "N", description = "Tenant namespaces from the start (default: 0).")
    private int namespaces;

    @Option(
            names = "--labelled",
            paramLabel = "N|P%",
            description = "How many of them have clawcloud.run/status=active (default: 0).")
    private Share labelled = Share.NOTHING;

    @Option(names = "--locked", paramLabel = "N|P%", description = "How many of them are locked (default: 0).")
    private Share locked = Share.NOTHING;

    @Option(names = "--workloads", paramLabel = "KIND", description = "typical or none in each (default: none).")
    private Tenants.Workloads workloads = Tenants.Workloads.NONE;

    @Option(names = "--write-kubeconfig", paramLabel = "FILE", description = "Write a kubeconfig there.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--bookmark-interval",
            paramLabel = "TIME",
            description = "Time between the bookmarks of a watch, such as 500ms, 60s, 5m (default: 60s).")
    private Duration bookmarkInterval = SimOptions.defaults().bookmarkInterval();

    @Option(
            names = "--pod-start-delay",
            paramLabel = "TIME",
            description = "Time from a pod's creation until it runs (default: 50ms).")
    private Duration podStartDelay = SimOptions.defaults().podStartDelay();

    @Option(
            names = "--crd",
            paramLabel = "FILE",
            description = "Serve the CustomResourceDefinitions in this YAML or JSON file from the start (repeatable).")
    private List<Path> crds = List.of();

    @Option(names = "--seed", paramLabel = "N", description = "Another one gives other uids (default: 0).")
    private long seed;

    /** A number of namespaces, or a share of them. */
    record Share(int number, double percent) {

        static final Share NOTHING = new Share(0, 0);

        static Share parse(String text) {
            try {
                return text.endsWith("%")
                        ? new Share(0, Double.parseDouble(text.substring(0, text.length() - 1)))
                        : new Share(Integer.parseInt(text), 0);
            } catch (NumberFormatException _) {
                throw new CommandLine.TypeConversionException("'" + text + "' is neither a number nor a percentage");
            }
        }

        int of(int total) {
            return number + (int) Math.round(total * percent / 100);
        }
    }

    /** Runs until it is told to end. */
    public static void main(String[] args) {
        SERVER_LOG.setLevel(Level.OFF);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Simulate());
        commandLine.registerConverter(Duration.class, Simulate::duration);
        commandLine.registerConverter(Share.class, Share::parse);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler((e, _) -> complain(
                e.getCommandLine(), e, e.getCommandLine().getCommandSpec().exitCodeOnInvalidInput()));
        commandLine.setExecutionExceptionHandler((e, at, _) -> complain(at, e, FAILED));
        return commandLine;
    }

    private static int complain(CommandLine commandLine, Exception e, int status) {
        commandLine
                .getErr()
                .println("simulate: " + String.valueOf(e.getMessage()).replace('\n', ' '));
        return status;
    }

    private static Duration duration(String text) {
        String number = text.replaceFirst("[a-z]+$", "");
        try {
            long value = Long.parseLong(number);
            return switch (text.substring(number.length())) {
                case "ms" -> Duration.ofMillis(value);
                case "s" -> Duration.ofSeconds(value);
                case "m" -> Duration.ofMinutes(value);
                case "h" -> Duration.ofHours(value);
                default -> throw new NumberFormatException("no unit");
            };
        } catch (NumberFormatException _) {
            throw new CommandLine.TypeConversionException(
                    "'" + text + "' is no time: a whole number and ms, s, m or h are allowed");
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SimOptions options = options();
        KubeSim cluster;
        try {
            cluster = KubeSim.start(options);
        } catch (ApiException | IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), "--crd: " + e.getMessage());
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof BindException)) {
                throw e;
            }
            err().println("simulate: port " + port
                    + " of 127.0.0.1 is in use; choose another --port, or 0 for a free one");
            return PORT_IN_USE;
        }
        Path file = kubeconfig;
        if (file != null) {
            Files.writeString(file, cluster.kubeconfig());
        }
        // Nothing is worth waiting for: without this the JVM would end with 143.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
        spec().commandLine().getOut().println(cluster.url());
        spec().commandLine().getOut().flush();
        new CountDownLatch(1).await();
        return 0;
    }

    private SimOptions options() {
        if (namespaces < 0 || port < 0 || port > 65_535) {
            throw new ParameterException(
                    spec().commandLine(),
                    namespaces < 0 ? "--namespaces must not be negative" : "--port must be 0 to 65535");
        }
        SimOptions defaults;
        try {
            defaults = SimOptions.defaults().withCrdFiles(crds);
        } catch (IOException e) {
            throw new ParameterException(spec().commandLine(), "--crd: can't read " + e.getMessage());
        }
        try {
            Tenants tenants = new Tenants(namespaces, labelled.of(namespaces), locked.of(namespaces), workloads);
            return defaults.withPort(port)
                    .withTenants(tenants)
                    .withSeed(seed)
                    .withBookmarkInterval(bookmarkInterval)
                    .withPodStartDelay(podStartDelay);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec().commandLine(), "--labelled and --locked do not fit --namespaces: " + e.getMessage());
        }
    }

    private PrintWriter err() {
        return spec().commandLine().getErr();
    }

    private CommandSpec spec() {
        CommandSpec set = spec;
        if (set == null) {
            throw new IllegalStateException("picocli sets the spec before the command runs");
        }
        return set;
    }
}
