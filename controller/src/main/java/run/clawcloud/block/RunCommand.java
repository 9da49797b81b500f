package run.clawcloud.block;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
import run.clawcloud.block.api.Names;
import run.clawcloud.block.namespace.FlowSettings;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.ops.LogSetup;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.LockQuota;

/**
 * The flags of {@code run}. Each can be given as an environment variable, too: {@code BLOCK_LOCK_DURATION} and so on.
 */
@Command(
        name = "run",
        description = "Runs the controller against the cluster of a kubeconfig, or of the pod that it runs in.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        showDefaultValues = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:stopped by SIGTERM or SIGINT",
            "1:a defect of the program",
            "2:a flag, or its environment variable, makes no sense",
            "3:the kubeconfig is missing or broken",
            "4:the kubeconfig has no such context",
            "5:the API server refuses the credentials",
            "6:an address to listen on is taken"
        },
        footer = {
            "",
            "Each flag can be given as an environment variable: --lock-duration as BLOCK_LOCK_DURATION. The flag wins."
        })
final class RunCommand implements Callable<Integer> {

    private static final int PAGE_AT_MOST = 10_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Default: KUBECONFIG, then the pod's service account, then ~/.kube/config.")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "Of the kubeconfig. Default: its current context.")
    private @Nullable String context;

    @Option(
            names = "--lock-duration",
            paramLabel = "LENGTH",
            defaultValue = "168h",
            converter = LockLengthConverter.class,
            description = "How long a lock lasts where the namespace does not say: 90m, 24h, 7d or permanent.")
    private LockLength lockDuration = new LockLength.Permanent();

    @Option(
            names = "--block-storage",
            description = "The quota of a locked namespace also refuses requests for storage.")
    private boolean blockStorage;

    @Option(
            names = "--expiration-action",
            paramLabel = "ACTION",
            defaultValue = "delete",
            description = "What follows when a lock has run out: delete the namespace, unlock it, or none.")
    private ExpirationAction expirationAction = ExpirationAction.NONE;

    @Option(
            names = "--expiration-grace-period",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = TimeConverter.class,
            description = "How long after its end a lock is still left alone: 30m, 24h, 7d.")
    private Duration expirationGracePeriod = Duration.ZERO;

    @Option(
            names = "--max-deletions-per-minute",
            paramLabel = "N",
            defaultValue = "60",
            description = "At most so many namespaces are deleted in any minute.")
    private int maxDeletionsPerMinute;

    @Option(
            names = "--protected-namespaces",
            paramLabel = "NAME",
            split = ",",
            description = "Never locked and never deleted, comma-separated; besides kube-system, kube-public,"
                    + " kube-node-lease and the controller's own.")
    private List<String> protectedNamespaces = List.of();

    @Option(
            names = "--slow-scan-interval",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = TimeConverter.class,
            description = "How often all quotas are listed, to find locked namespaces that have none.")
    private Duration slowScanInterval = Duration.ZERO;

    @Option(
            names = "--scan-batch-size",
            paramLabel = "N",
            defaultValue = "50",
            description = "Workloads or pods in one page of a list.")
    private int scanBatchSize;

    @Option(
            names = "--list-page-size",
            paramLabel = "N",
            defaultValue = "500",
            description = "Namespaces or quotas in one page of a list.")
    private int listPageSize;

    @Option(
            names = "--max-concurrent-reconciles",
            paramLabel = "N",
            defaultValue = "20",
            description = "Namespaces worked on at once.")
    private int maxConcurrentReconciles;

    @Option(
            names = "--max-memory-mb",
            paramLabel = "MB",
            defaultValue = "1024",
            description = "Of the whole process. At 80 %% memory is given back, at 100 %% no new work is taken.")
    private int maxMemoryMb;

    @Option(
            names = "--metrics-bind-address",
            paramLabel = "[HOST]:PORT",
            defaultValue = ":8080",
            converter = AddressConverter.class,
            description = "Prometheus metrics at /metrics. 0 for none.")
    private InetSocketAddress metrics = NONE;

    @Option(
            names = "--health-probe-bind-address",
            paramLabel = "[HOST]:PORT",
            defaultValue = ":8081",
            converter = AddressConverter.class,
            description = "/livez and /readyz. 0 for none.")
    private InetSocketAddress health = NONE;

    @Option(names = "--dry-run", description = "Log and count every write, send none.")
    private boolean dryRun;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "plain",
            description = "Of the log on stderr: plain or json.")
    private LogSetup.Format logFormat = LogSetup.Format.PLAIN;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = settings();
        LogSetup.apply(logFormat);
        return BlockController.runUntilStopped(settings);
    }

    /** What the flags say, checked. */
    Settings settings() {
        Set<String> untouchable = new TreeSet<>(Names.ALWAYS_PROTECTED);
        untouchable.addAll(protectedNamespaces);
        OwnNamespace.find().ifPresent(untouchable::add);
        if (slowScanInterval.compareTo(Duration.ofMinutes(1)) < 0) {
            throw bad("--slow-scan-interval", slowScanInterval, "at least 1m");
        }
        return new Settings(
                kubeconfig,
                context,
                new FlowSettings(
                        lockDuration, LockQuota.of(blockStorage), untouchable, expirationAction, expirationGracePeriod),
                slowScanInterval,
                between("--scan-batch-size", scanBatchSize, 1, PAGE_AT_MOST),
                between("--list-page-size", listPageSize, 1, PAGE_AT_MOST),
                between("--max-concurrent-reconciles", maxConcurrentReconciles, 1, 1_000),
                between("--max-deletions-per-minute", maxDeletionsPerMinute, 1, 100_000),
                (long) between("--max-memory-mb", maxMemoryMb, 64, 1 << 20) << 20,
                metrics.equals(NONE) ? null : metrics,
                health.equals(NONE) ? null : health,
                dryRun);
    }

    private int between(String flag, int value, int least, int most) {
        if (value < least || value > most) {
            throw bad(flag, value, "a whole number from " + least + " to " + most);
        }
        return value;
    }

    private ParameterException bad(String flag, Object value, String allowed) {
        CommandLine commandLine = spec == null ? new CommandLine(this) : spec.commandLine();
        return new ParameterException(
                commandLine, "Invalid value for option '" + flag + "': " + value + " is not " + allowed);
    }

    /** Stands for no address: picocli has no null from a converter. */
    private static final InetSocketAddress NONE = InetSocketAddress.createUnresolved("none", 0);

    static final class LockLengthConverter implements ITypeConverter<LockLength> {
        @Override
        public LockLength convert(String value) {
            LockLength length = LockLength.parse(value);
            if (length instanceof LockLength.Unreadable) {
                throw new TypeConversionException("'" + value + "' is not " + LockLength.SYNTAX);
            }
            return length;
        }
    }

    static final class TimeConverter implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("([0-9]{1,9})([smhd])");

        @Override
        public Duration convert(String value) {
            Matcher matcher = TIME.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + value
                        + "' is not a whole number of seconds, minutes, hours or days, such as 30s, 90m, 1h or 7d");
            }
            long count = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
    }

    static final class AddressConverter implements ITypeConverter<InetSocketAddress> {
        private static final Pattern ADDRESS = Pattern.compile("(?<host>[^:]*|\\[[0-9a-fA-F:.]+]):(?<port>[0-9]{1,5})");

        @Override
        public InetSocketAddress convert(String value) throws Exception {
            if (value.equals("0")) {
                return NONE;
            }
            Matcher matcher = ADDRESS.matcher(value);
            if (!matcher.matches() || Integer.parseInt(matcher.group("port")) > 65_535) {
                throw new TypeConversionException(
                        "'" + value + "' is not [HOST]:PORT, such as :8080 or 127.0.0.1:8080, or 0");
            }
            int port = Integer.parseInt(matcher.group("port"));
            String host = matcher.group("host");
            return host.isEmpty()
                    ? new InetSocketAddress(port)
                    : new InetSocketAddress(InetAddress.getByName(host), port);
        }
    }
}
