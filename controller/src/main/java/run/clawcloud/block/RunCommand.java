package run.clawcloud.block;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.leader.Timing;
import run.clawcloud.block.namespace.FlowSettings;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.ops.LogSetup;
import run.clawcloud.block.request.RequestNamespaces;
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
            "6:an address to listen on is taken, or the certificate for it can't be used",
            "7:the leadership was lost; to be started again"
        },
        footer = {
            "",
            "Each flag can be given as an environment variable: --lock-duration as BLOCK_LOCK_DURATION. The flag wins."
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec command;

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
            converter = FlagTypes.Length.class,
            description = "How long a lock lasts where the namespace does not say: 90m, 24h, 7d or permanent.")
    private LockLength lockDuration = new LockLength.Permanent();

    @Option(
            names = "--block-storage",
            arity = "0..1",
            paramLabel = "true|false",
            defaultValue = "false",
            fallbackValue = "true",
            converter = FlagTypes.YesOrNo.class,
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
            converter = FlagTypes.Time.class,
            description = "How long after its end a lock is still left alone: 30m, 24h, 7d.")
    private Duration expirationGracePeriod = Duration.ZERO;

    @Option(
            names = "--max-deletions-per-minute",
            paramLabel = "N",
            defaultValue = "60",
            converter = FlagTypes.Deletions.class,
            description = "At most so many namespaces are deleted in any minute.")
    private int maxDeletionsPerMinute;

    @Option(
            names = "--protected-namespaces",
            paramLabel = "NAME",
            split = ",",
            converter = FlagTypes.NamespaceName.class,
            description = "Never locked and never deleted, comma-separated; besides kube-system, kube-public,"
                    + " kube-node-lease and the controller's own.")
    private List<String> protectedNamespaces = List.of();

    @Option(
            names = "--request-namespaces",
            paramLabel = "NAME",
            split = ",",
            converter = FlagTypes.NamespaceName.class,
            description = "Only the BlockRequests of these namespaces count, comma-separated. Default: of all.")
    private List<String> requestNamespaces = List.of();

    @Option(
            names = "--slow-scan-interval",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = FlagTypes.ScanInterval.class,
            description = "How often all quotas are listed, to find locked namespaces that have none.")
    private Duration slowScanInterval = Duration.ZERO;

    @Option(
            names = "--scan-batch-size",
            paramLabel = "N",
            defaultValue = "50",
            converter = FlagTypes.PageSize.class,
            description = "Workloads or pods in one page of a list.")
    private int scanBatchSize;

    @Option(
            names = "--list-page-size",
            paramLabel = "N",
            defaultValue = "500",
            converter = FlagTypes.PageSize.class,
            description = "Namespaces or quotas in one page of a list.")
    private int listPageSize;

    @Option(
            names = "--max-concurrent-reconciles",
            paramLabel = "N",
            defaultValue = "20",
            converter = FlagTypes.Reconciles.class,
            description = "Namespaces worked on at once.")
    private int maxConcurrentReconciles;

    @Option(
            names = "--worker-count",
            paramLabel = "N",
            defaultValue = "10",
            converter = FlagTypes.Reconciles.class,
            description = "Namespaces whose label is written at once, for BlockRequests.")
    private int workerCount;

    @Option(
            names = "--max-memory-mb",
            paramLabel = "MB",
            defaultValue = "1024",
            converter = FlagTypes.Megabytes.class,
            description = "Of the whole process. At 80 %% memory is given back, at 100 %% no new work is taken.")
    private int maxMemoryMb;

    @Option(
            names = "--leader-elect",
            arity = "0..1",
            paramLabel = "true|false",
            defaultValue = "false",
            fallbackValue = "true",
            converter = FlagTypes.YesOrNo.class,
            description = "Of several controllers only the one that holds a Lease works; the others stand by.")
    private boolean leaderElect;

    @Option(
            names = "--leader-elect-lease-duration",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = FlagTypes.PositiveTime.class,
            description = "A Lease that its holder has not renewed for so long is taken by another.")
    private Duration leaseDuration = Duration.ZERO;

    @Option(
            names = "--leader-elect-renew-deadline",
            paramLabel = "TIME",
            defaultValue = "20s",
            converter = FlagTypes.PositiveTime.class,
            description = "A leader that could not renew the Lease for so long stops writing and ends.")
    private Duration renewDeadline = Duration.ZERO;

    @Option(
            names = "--leader-elect-retry-period",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = FlagTypes.PositiveTime.class,
            description = "How often the Lease is renewed.")
    private Duration retryPeriod = Duration.ZERO;

    @Option(
            names = "--leader-elect-resource-name",
            paramLabel = "NAME",
            defaultValue = "block-controller",
            converter = FlagTypes.ObjectName.class,
            description = "Of the Lease.")
    private String leaseName = "";

    @Option(
            names = "--leader-elect-resource-namespace",
            paramLabel = "NAME",
            converter = FlagTypes.NamespaceName.class,
            description = "Of the Lease. Default: the controller's own namespace.")
    private @Nullable String leaseNamespace;

    @Option(
            names = "--metrics-bind-address",
            paramLabel = "[HOST]:PORT",
            defaultValue = ":8080",
            converter = FlagTypes.Address.class,
            description = "Prometheus metrics at /metrics. 0 for none.")
    private InetSocketAddress metrics = FlagTypes.NO_ADDRESS;

    @Option(
            names = "--metrics-secure",
            arity = "0..1",
            paramLabel = "true|false",
            defaultValue = "false",
            fallbackValue = "true",
            converter = FlagTypes.YesOrNo.class,
            description = "Metrics over TLS, to those whom the API server knows by their token and lets get /metrics.")
    private boolean metricsSecure;

    @Option(
            names = "--metrics-cert-path",
            paramLabel = "DIRECTORY",
            description = "Of certificate and key for metrics, read anew when they change. Default: one that is made at"
                    + " the start, for which nobody vouches.")
    private @Nullable Path metricsCertPath;

    @Option(
            names = "--metrics-cert-name",
            paramLabel = "NAME",
            defaultValue = "tls.crt",
            description = "Of the certificate's file, PEM.")
    private String metricsCertName = "";

    @Option(
            names = "--metrics-cert-key",
            paramLabel = "NAME",
            defaultValue = "tls.key",
            description = "Of the key's file, PEM.")
    private String metricsCertKey = "";

    @Option(
            names = "--health-probe-bind-address",
            paramLabel = "[HOST]:PORT",
            defaultValue = ":8081",
            converter = FlagTypes.Address.class,
            description = "/livez and /readyz. 0 for none.")
    private InetSocketAddress health = FlagTypes.NO_ADDRESS;

    @Option(
            names = "--dry-run",
            arity = "0..1",
            paramLabel = "true|false",
            defaultValue = "false",
            fallbackValue = "true",
            converter = FlagTypes.YesOrNo.class,
            description = "Log and count every write, send none.")
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
        return new Settings(
                kubeconfig,
                context,
                new FlowSettings(
                        lockDuration, LockQuota.of(blockStorage), untouchable, expirationAction, expirationGracePeriod),
                RequestNamespaces.of(requestNamespaces),
                slowScanInterval,
                scanBatchSize,
                listPageSize,
                maxConcurrentReconciles,
                workerCount,
                maxDeletionsPerMinute,
                (long) maxMemoryMb << 20,
                metrics.equals(FlagTypes.NO_ADDRESS) ? null : metrics,
                secureMetrics(),
                health.equals(FlagTypes.NO_ADDRESS) ? null : health,
                dryRun,
                leaderElect ? election() : null);
    }

    private Settings.@Nullable SecureMetrics secureMetrics() {
        if (!metricsSecure && metricsCertPath != null) {
            throw refusal("--metrics-cert-path needs --metrics-secure: without, metrics are served plain");
        }
        return metricsSecure ? new Settings.SecureMetrics(metricsCertPath, metricsCertName, metricsCertKey) : null;
    }

    private Settings.Election election() {
        String namespace = leaseNamespace != null
                ? leaseNamespace
                : OwnNamespace.find()
                        .orElseThrow(() -> refusal("--leader-elect-resource-namespace has to be given outside of a pod:"
                                + " the Lease lies in the controller's own namespace otherwise"));
        if (renewDeadline.compareTo(leaseDuration) >= 0) {
            throw refusal("--leader-elect-renew-deadline has to be shorter than --leader-elect-lease-duration, or two"
                    + " would be at work");
        }
        if (retryPeriod.multipliedBy(2).compareTo(renewDeadline) > 0) {
            throw refusal("--leader-elect-retry-period has to be at most half of --leader-elect-renew-deadline, or one"
                    + " failure would end the leadership");
        }
        return new Settings.Election(namespace, leaseName, new Timing(leaseDuration, renewDeadline, retryPeriod));
    }

    private ParameterException refusal(String message) {
        return new ParameterException(
                Objects.requireNonNull(command, "it is parsed first").commandLine(), message);
    }
}
