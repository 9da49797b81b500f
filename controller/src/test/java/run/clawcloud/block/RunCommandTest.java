package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import run.clawcloud.block.leader.Timing;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.request.RequestNamespaces;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.LockQuota;
import tools.jackson.databind.json.JsonMapper;

/**
 * The flags of {@code run}: what they mean, what is taken without them, and what is said of those that make no sense.
 */
class RunCommandTest {

    private static final Set<String> ALWAYS_PROTECTED = Set.of("kube-system", "kube-public", "kube-node-lease");

    @Test
    void withoutFlagsItDoesWhatTheContractSays() {
        Settings settings = settings(Map.of());

        assertThat(settings.kubeconfig()).isNull();
        assertThat(settings.context()).isNull();
        assertThat(settings.flows().lockLength()).isEqualTo(LockLength.parse("168h"));
        assertThat(settings.flows().quota()).isEqualTo(LockQuota.of(false));
        assertThat(settings.flows().protectedNamespaces())
                .containsAll(ALWAYS_PROTECTED)
                .doesNotContain("default");
        assertThat(settings.flows().expirationAction()).isEqualTo(ExpirationAction.DELETE);
        assertThat(settings.flows().gracePeriod()).isZero();
        assertThat(settings.requestNamespaces()).isEqualTo(RequestNamespaces.ALL);
        assertThat(settings.slowScanInterval()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.scanBatchSize()).isEqualTo(50);
        assertThat(settings.listPageSize()).isEqualTo(500);
        assertThat(settings.maxConcurrentReconciles()).isEqualTo(20);
        assertThat(settings.maxDeletionsPerMinute()).isEqualTo(60);
        assertThat(settings.maxMemory()).isEqualTo(1_024L << 20);
        assertThat(settings.metrics()).isEqualTo(new InetSocketAddress(8080));
        assertThat(settings.secureMetrics()).isNull();
        assertThat(settings.health()).isEqualTo(new InetSocketAddress(8081));
        assertThat(settings.dryRun()).isFalse();
        assertThat(settings.election()).isNull();
    }

    @Test
    void anElectionTakesItsDurationsFromTheFlags() {
        String[] outside = {"--leader-elect", "--leader-elect-resource-namespace=ops"};
        assertThat(settings(Map.of(), outside).election())
                .isEqualTo(new Settings.Election(
                        "ops",
                        "block-controller",
                        new Timing(Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(5))));

        assertThat(settings(
                                Map.of("BLOCK_LEADER_ELECT", "true", "BLOCK_LEADER_ELECT_RENEW_DEADLINE", "40s"),
                                "--leader-elect-resource-namespace=ops",
                                "--leader-elect-resource-name=mine",
                                "--leader-elect-lease-duration=1m",
                                "--leader-elect-retry-period=10s")
                        .election())
                .isEqualTo(new Settings.Election(
                        "ops",
                        "mine",
                        new Timing(Duration.ofMinutes(1), Duration.ofSeconds(40), Duration.ofSeconds(10))));
    }

    /** Whoever stops writing only after another has begun is one of two at work. */
    @ParameterizedTest
    @CsvSource({
        "--leader-elect-lease-duration=20s, --leader-elect-renew-deadline",
        "--leader-elect-renew-deadline=9s, --leader-elect-retry-period"
    })
    void durationsThatDoNotFitTogetherAreRefused(String flag, String refused) {
        assertRefused(
                Map.of(), new String[] {"--leader-elect", "--leader-elect-resource-namespace=ops", flag}, refused);
    }

    @Test
    void understandsTheArgumentsOfTheInstallation() throws Exception {
        List<String> arguments = new ArrayList<>(Installation.arguments());
        arguments.add("--leader-elect-resource-namespace=block-controller-system");
        Settings settings = settings(Map.of(), arguments.toArray(String[]::new));
        assertThat(settings.election()).isNotNull();
        assertThat(settings.metrics()).isEqualTo(new InetSocketAddress(8080));
        assertThat(settings.health()).isEqualTo(new InetSocketAddress(8081));
        // Nine tenths of 512 Mi.
        assertThat(settings.maxMemory()).isEqualTo(460L << 20);
    }

    /** Of the flags in the chart's values, one that is mistyped is refused before anything is installed. */
    @Test
    void theChartKnowsEveryFlag() {
        List<String> known = new ArrayList<>();
        JsonMapper.builder()
                .build()
                .readTree(Path.of("../deploy/chart/values.schema.json"))
                .at("/properties/flags/propertyNames/enum")
                .forEach(flag -> known.add("--" + flag.asString()));
        assertThat(known)
                .containsExactlyInAnyOrderElementsOf(commandLine(Map.of()).getCommandSpec().options().stream()
                        .map(option -> option.longestName())
                        .filter(name -> !name.equals("--help") && !name.equals("--version"))
                        .toList());
    }

    @Test
    void takesEveryFlag() throws Exception {
        Settings settings = settings(
                Map.of(),
                "--kubeconfig=/tmp/config",
                "--context=there",
                "--lock-duration=90m",
                "--block-storage",
                "--expiration-action=unlock",
                "--expiration-grace-period=2d",
                "--max-deletions-per-minute=7",
                "--protected-namespaces=vault,billing",
                "--protected-namespaces=dns",
                "--request-namespaces=billing,platform",
                "--slow-scan-interval=30m",
                "--scan-batch-size=10",
                "--list-page-size=1000",
                "--max-concurrent-reconciles=3",
                "--max-memory-mb=256",
                "--metrics-bind-address=127.0.0.1:9090",
                "--metrics-secure",
                "--metrics-cert-path=/tls",
                "--metrics-cert-name=cert.pem",
                "--metrics-cert-key=key.pem",
                "--health-probe-bind-address=[::1]:9091",
                "--dry-run",
                "--log-format=json");

        assertThat(settings.kubeconfig()).isEqualTo(Path.of("/tmp/config"));
        assertThat(settings.context()).isEqualTo("there");
        assertThat(settings.flows().lockLength()).isEqualTo(new LockLength.Of(Duration.ofMinutes(90)));
        assertThat(settings.flows().quota()).isEqualTo(LockQuota.of(true));
        assertThat(settings.flows().expirationAction()).isEqualTo(ExpirationAction.UNLOCK);
        assertThat(settings.flows().gracePeriod()).isEqualTo(Duration.ofDays(2));
        assertThat(settings.maxDeletionsPerMinute()).isEqualTo(7);
        assertThat(settings.flows().protectedNamespaces())
                .containsAll(ALWAYS_PROTECTED)
                .contains("vault", "billing", "dns");
        assertThat(settings.requestNamespaces()).isEqualTo(RequestNamespaces.of(List.of("platform", "billing")));
        assertThat(settings.slowScanInterval()).isEqualTo(Duration.ofMinutes(30));
        assertThat(settings.scanBatchSize()).isEqualTo(10);
        assertThat(settings.listPageSize()).isEqualTo(1_000);
        assertThat(settings.maxConcurrentReconciles()).isEqualTo(3);
        assertThat(settings.maxMemory()).isEqualTo(256L << 20);
        assertThat(settings.metrics()).hasToString("/127.0.0.1:9090");
        assertThat(settings.secureMetrics())
                .isEqualTo(new Settings.SecureMetrics(Path.of("/tls"), "cert.pem", "key.pem"));
        assertThat(settings.health()).hasToString("/[0:0:0:0:0:0:0:1]:9091");
        assertThat(settings.dryRun()).isTrue();
    }

    @Test
    void secureMetricsNeedNoFilesButFilesNeedSecureMetrics() {
        assertThat(settings(Map.of("BLOCK_METRICS_SECURE", "true")).secureMetrics())
                .isEqualTo(new Settings.SecureMetrics(null, "tls.crt", "tls.key"));
        assertRefused(
                Map.of(), new String[] {"--metrics-cert-path=/tls"}, "--metrics-cert-path needs --metrics-secure");
    }

    @Test
    void permanentIsALength() {
        assertThat(settings(Map.of(), "--lock-duration=permanent").flows().lockLength())
                .isEqualTo(new LockLength.Permanent());
    }

    @Test
    void zeroIsNoAddress() {
        Settings settings = settings(Map.of(), "--metrics-bind-address=0", "--health-probe-bind-address=0");

        assertThat(settings.metrics()).isNull();
        assertThat(settings.health()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1,128", "10000,10000,1000,100000,1048576"})
    void takesTheBoundsThatItNames(int batch, int page, int reconciles, int deletions, int memory) {
        Settings settings = settings(
                Map.of(),
                "--scan-batch-size=" + batch,
                "--list-page-size=" + page,
                "--max-concurrent-reconciles=" + reconciles,
                "--max-deletions-per-minute=" + deletions,
                "--max-memory-mb=" + memory,
                "--slow-scan-interval=1m");

        assertThat(settings.scanBatchSize()).isEqualTo(batch);
        assertThat(settings.maxMemory()).isEqualTo((long) memory << 20);
    }

    /** The flag, the value, and the words that say what is allowed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--lock-duration            | 0h        | whole number of minutes, hours or days above zero",
                "--lock-duration            | 90        | 90m, 24h or 7d, or 'permanent'",
                "--lock-duration            | forever   | 90m, 24h or 7d, or 'permanent'",
                "--lock-duration            | 40000d    | 90m, 24h or 7d, or 'permanent'",
                "--expiration-action        | explode   | [DELETE, UNLOCK, NONE]",
                "--expiration-grace-period  | -1h       | such as 30s, 90m, 1h or 7d",
                "--expiration-grace-period  | 1w        | such as 30s, 90m, 1h or 7d",
                "--max-deletions-per-minute | 0         | a whole number from 1 to 100000",
                "--max-deletions-per-minute | 100001    | a whole number from 1 to 100000",
                "--max-deletions-per-minute | many      | a whole number from 1 to 100000",
                "--protected-namespaces     | Vault     | names are separated by commas",
                "--protected-namespaces     | a;b       | names are separated by commas",
                "--request-namespaces       | Vault     | names are separated by commas",
                "--slow-scan-interval       | 59s       | at least 1m",
                "--slow-scan-interval       | hourly    | such as 30s, 90m, 1h or 7d",
                "--scan-batch-size          | 0         | a whole number from 1 to 10000",
                "--scan-batch-size          | 10001     | a whole number from 1 to 10000",
                "--scan-batch-size          | 1.5       | a whole number from 1 to 10000",
                "--list-page-size           | -3        | a whole number from 1 to 10000",
                "--list-page-size           | 99999999999 | a whole number from 1 to 10000",
                "--max-concurrent-reconciles | 0        | a whole number from 1 to 1000",
                "--max-concurrent-reconciles | 1001     | a whole number from 1 to 1000",
                "--max-memory-mb            | 127       | a whole number from 128 to 1048576",
                "--max-memory-mb            | 1G        | a whole number from 128 to 1048576",
                "--metrics-bind-address     | 8080      | [HOST]:PORT, such as :8080 or 127.0.0.1:8080, or 0",
                "--metrics-bind-address     | :65536    | [HOST]:PORT, such as :8080 or 127.0.0.1:8080, or 0",
                "--metrics-bind-address     | no.such.host.invalid:80 | [HOST]:PORT, such as :8080 or 127.0.0.1:8080, or 0",
                "--health-probe-bind-address | here     | [HOST]:PORT, such as :8080 or 127.0.0.1:8080, or 0",
                "--log-format               | xml       | [PLAIN, JSON]",
                "--metrics-secure           | certainly | true or false",
                "--dry-run                  | perhaps   | true or false",
                "--block-storage            | yes       | true or false",
                "--leader-elect             | maybe     | true or false",
                "--leader-elect-lease-duration | 0s     | at least 1s",
                "--leader-elect-renew-deadline | 15     | such as 30s, 90m, 1h or 7d",
                "--leader-elect-retry-period | 2m30s    | such as 30s, 90m, 1h or 7d",
                "--leader-elect-resource-name | A       | lower case letters",
                "--leader-elect-resource-namespace | a.b | a namespace's name"
            })
    void whatMakesNoSenseIsOneLineAndStatusTwo(String flag, String value, String allowed) {
        assertRefused(Map.of(), new String[] {flag + "=" + value}, flag, value, allowed);
        assertRefused(Map.of(variable(flag), value), new String[] {}, flag, value, allowed);
    }

    /** It would protect a namespace that nobody has. */
    @Test
    void aSpaceAfterACommaIsNoPartOfAName() {
        assertRefused(
                Map.of(),
                new String[] {"--protected-namespaces=vault, billing"},
                "--protected-namespaces",
                "' billing'");
    }

    @Test
    void anUnknownFlagAndAMissingValueAreOneLineAndStatusTwo() {
        assertRefused(Map.of(), new String[] {"--lock-time=7d"}, "--lock-time");
        assertRefused(Map.of(), new String[] {"--lock-duration"}, "--lock-duration");
        assertRefused(Map.of(), new String[] {"now"}, "now");
    }

    @ParameterizedTest
    @CsvSource({
        "BLOCK_LOCK_DURATION, 7d",
        "BLOCK_KUBECONFIG, /tmp/config",
        "BLOCK_CONTEXT, there",
        "BLOCK_EXPIRATION_ACTION, none",
        "BLOCK_EXPIRATION_GRACE_PERIOD, 3h",
        "BLOCK_SLOW_SCAN_INTERVAL, 2h",
        "BLOCK_SCAN_BATCH_SIZE, 51",
        "BLOCK_LIST_PAGE_SIZE, 501",
        "BLOCK_MAX_CONCURRENT_RECONCILES, 21",
        "BLOCK_MAX_DELETIONS_PER_MINUTE, 61",
        "BLOCK_MAX_MEMORY_MB, 1025",
        "BLOCK_METRICS_BIND_ADDRESS, :9999",
        "BLOCK_HEALTH_PROBE_BIND_ADDRESS, 0",
        "BLOCK_PROTECTED_NAMESPACES, 'vault,billing'",
        "BLOCK_REQUEST_NAMESPACES, 'platform,billing'",
        "BLOCK_BLOCK_STORAGE, true",
        "BLOCK_DRY_RUN, true"
    })
    void everyFlagCanBeGivenByTheEnvironment(String variable, String value) {
        String flag =
                "--" + variable.substring("BLOCK_".length()).replace('_', '-').toLowerCase(Locale.ROOT);
        Settings byFlag = settings(Map.of(), flag + "=" + value);
        Settings byEnvironment = settings(Map.of(variable, value));

        assertThat(byEnvironment).isEqualTo(byFlag);
        if (!variable.equals("BLOCK_LOCK_DURATION")) {
            assertThat(byEnvironment).isNotEqualTo(settings(Map.of()));
        }
    }

    @Test
    void theFlagWinsOverTheEnvironment() {
        Map<String, String> environment = Map.of("BLOCK_SCAN_BATCH_SIZE", "7", "BLOCK_LOCK_DURATION", "rubbish");

        Settings settings = settings(environment, "--scan-batch-size=8", "--lock-duration=1h");

        assertThat(settings.scanBatchSize()).isEqualTo(8);
    }

    /** Whoever asks for it twice must not get the opposite. */
    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void aDryRunThatIsAskedForIsADryRunWhateverTheEnvironmentSays(String variable) {
        Map<String, String> environment = Map.of("BLOCK_DRY_RUN", variable, "BLOCK_BLOCK_STORAGE", variable);

        Settings settings = settings(environment, "--dry-run", "--block-storage");

        assertThat(settings.dryRun()).isTrue();
        assertThat(settings.flows().quota()).isEqualTo(LockQuota.of(true));
        assertThat(settings(environment).dryRun()).isEqualTo(Boolean.parseBoolean(variable));
    }

    @Test
    void variablesOfOthersAndEmptyOnesAreNotOurs() {
        assertThat(settings(Map.of(
                        "BLOCK_VERSION",
                        "1.2",
                        "BLOCK_HELP",
                        "me",
                        "BLOCK_SIZE",
                        "4k",
                        "DRY_RUN",
                        "true",
                        "BLOCK_DRY_RUN",
                        "",
                        "BLOCK_PROTECTED_NAMESPACES",
                        "",
                        "BLOCK_LOCK_DURATION",
                        "")))
                .isEqualTo(settings(Map.of()));
    }

    @Test
    void helpNamesEveryFlagItsDefaultAndTheExitStatus() {
        StringWriter out = new StringWriter();
        CommandLine commandLine = commandLine(Map.of()).setOut(new PrintWriter(out));

        assertThat(commandLine.execute("--help")).isZero();

        assertThat(out.toString())
                .contains(commandLine.getCommandSpec().options().stream()
                        .map(option -> option.longestName())
                        .toList())
                .contains("168h", ":8080", "Exit status:", "BLOCK_LOCK_DURATION");
    }

    @Test
    void versionIsOneLine() {
        StringWriter out = new StringWriter();

        assertThat(commandLine(Map.of()).setOut(new PrintWriter(out)).execute("--version"))
                .isZero();

        assertThat(out.toString().lines()).singleElement().asString().startsWith("block-controller ");
    }

    /** Every flag, with every kind of nonsense, by itself and out of the environment: taken, or one line. */
    @Test
    void whateverAFlagIsGivenIsTakenOrRefusedInOneLine() throws Exception {
        List<String> nonsense = List.of(
                "",
                " ",
                "0",
                "-1",
                "1",
                "99999999999999999999",
                "1e9",
                "7d",
                "-7d",
                "0h",
                "999999999d",
                "PT1H",
                "true",
                "null",
                "{}",
                "a,b",
                ",",
                "a,,b",
                ":",
                ":0",
                ":65536",
                "host:",
                "[::1]:8080",
                "[",
                "\u0000",
                "a\nb",
                "\ud83d\ude80",
                "%s%n",
                "$(id)",
                "../..",
                "n".repeat(5_000));
        for (OptionSpec flag : commandLine(Map.of()).getCommandSpec().options()) {
            for (String value : nonsense) {
                assertTakenOrRefused(Map.of(), flag.longestName() + "=" + value);
                assertTakenOrRefused(Map.of(variable(flag.longestName()), value));
            }
        }
    }

    private static void assertTakenOrRefused(Map<String, String> environment, String... arguments) throws Exception {
        StringWriter err = new StringWriter();
        try {
            settings(environment, arguments);
        } catch (CommandLine.ParameterException e) {
            CommandLine commandLine = e.getCommandLine().setErr(new PrintWriter(err, true));
            assertThat(commandLine.getParameterExceptionHandler().handleParseException(e, arguments))
                    .isEqualTo(2);
            assertThat(err.toString().lines())
                    .as("%s %s", environment, List.of(arguments))
                    .hasSize(1);
        }
    }

    private static void assertRefused(Map<String, String> environment, String[] arguments, String... words) {
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter();

        int status = commandLine(environment)
                .setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(out, true))
                .execute(arguments);

        assertThat(status).isEqualTo(2);
        assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
        assertThat(err.toString()).contains(words);
        assertThat(out.toString()).isEmpty();
    }

    private static Settings settings(Map<String, String> environment, String... arguments) {
        CommandLine commandLine = commandLine(environment);
        commandLine.parseArgs(arguments);
        return ((RunCommand) commandLine.getCommand()).settings();
    }

    private static CommandLine commandLine(Map<String, String> environment) {
        return Main.commandLine(new RunCommand(), environment::get);
    }

    private static String variable(String flag) {
        return "BLOCK_" + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
