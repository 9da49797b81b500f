package run.clawcloud.block.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import run.clawcloud.block.harness.Api;
import tools.jackson.databind.JsonNode;

/** The command line; and each benchmark once, so small that its figures mean nothing, but with all its parts. */
class BenchTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path directory = Path.of(".");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Map<String, String> environment, String... arguments) {
        return Bench.run(new PrintWriter(out, true), new PrintWriter(err, true), environment, arguments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "scale --namespaces=many | '--namespaces'",
                "scale --colour | Unknown option: '--colour'",
                "sail | 'sail'",
                "latency --samples=few | '--samples'",
            })
    void refusesABadOptionInOneLine(String arguments, String message) {
        assertThat(run(Map.of(), arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString()).contains(message).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({"scale --labelled=101", "soak --minutes=0", "throughput --concurrency=0", "latency --samples=0"})
    void saysWhatIsAllowed(String arguments) {
        assertThat(run(Map.of(), arguments.split(" ", -1))).isEqualTo(1);
        assertThat(err.toString()).contains(arguments.substring(arguments.indexOf("--"), arguments.indexOf('=')));
    }

    @Test
    void keepsAwayFromARealClusterWithTooMuch() {
        assertThat(run(Map.of(), "scale", "--kubeconfig=nowhere", "--namespaces=3000"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("3,000").contains("2,000").hasLineCount(1);
    }

    @Test
    void saysHowToStartIt() {
        assertThat(run(Map.of(), "scale", "--namespaces=10")).isEqualTo(1);
        assertThat(err.toString()).contains("./block-controller bench").hasLineCount(1);
    }

    @Test
    void measuresWhatAnEntryCosts() throws IOException {
        JsonNode figures = measure("micro", "--forks=1", "--iterations=1", "--millis=100");
        assertThat(value(figures, "checks")).isPositive();
        assertThat(value(figures, "inserts")).isPositive();
        assertThat(value(figures, "index.bytes")).isBetween(24.0, 200.0);
        assertThat(value(figures, "expiry.scan")).isPositive();
    }

    @Test
    void measuresAnIdleClusterBesideThePeers() throws IOException {
        JsonNode figures = measure("scale", "--namespaces=500", "--idle=1", "--starts=1", "--peers");
        assertThat(value(figures, "rss")).isBetween(20.0, 1000.0);
        assertThat(value(figures, "rss.fabric8")).isPositive();
        assertThat(value(figures, "rss.official")).isPositive();
        assertThat(value(figures, "start")).isPositive();
        assertThat(value(figures, "threads")).isPositive();
        assertThat(value(figures, "wide.ratio")).isPositive();
    }

    @Test
    void measuresSingleLocksAndCountsTheirRequests() throws IOException {
        JsonNode figures = measure("latency", "--namespaces=100", "--samples=3", "--warm-up=1");
        assertThat(value(figures, "lock.p50")).isPositive();
        assertThat(value(figures, "requests.bare")).isEqualTo(value(figures, "requests.lock"));
    }

    @Test
    void measuresManyLocksAtOnce() throws IOException {
        JsonNode figures = measure("throughput", "--namespaces=20", "--concurrency=5");
        assertThat(value(figures, "ratio")).isPositive();
        assertThat(value(figures, "requests.bare")).isPositive();
    }

    @Test
    void measuresTheMemoryThatACrowdedNamespaceTakes() throws IOException {
        JsonNode figures = measure("crowded", "--deployments=20", "--pods=20", "--idle=0");
        assertThat(value(figures, "most.many")).isBetween(20.0, 1000.0);
        assertThat(value(figures, "most.pods")).isBetween(20.0, 1000.0);
        assertThat(value(figures, "time.few")).isPositive();
    }

    @Test
    void measuresMemoryUnderChurn() throws IOException {
        JsonNode figures = measure("soak", "--namespaces=100", "--changing=20", "--rate=50", "--minutes=0.1");
        assertThat(value(figures, "rate")).isPositive();
        assertThat(value(figures, "slope")).isFinite();
    }

    /** Runs a benchmark; returns the figures of the line that it has kept. */
    private JsonNode measure(String bench, String... options) throws IOException {
        Path results = directory.resolve("results");
        String[] arguments = new String[options.length + 2];
        arguments[0] = bench;
        arguments[1] = "--results=" + results;
        System.arraycopy(options, 0, arguments, 2, options.length);
        assertThat(run(Map.of("BLOCK_CONTROLLER_LAUNCHER", launcher().toString()), arguments))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("figure").contains("Kept in");
        return Api.JSON
                .readTree(Files.readString(results.resolve(bench + ".jsonl")))
                .path("figures");
    }

    private static double value(JsonNode figures, String key) {
        return figures.valueStream()
                .filter(figure -> figure.path("key").asString("").equals(key))
                .mapToDouble(figure -> figure.path("value").asDouble())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no figure " + key + " in " + figures));
    }

    /** Stands for the launcher script: no jars are there yet when the tests run, but all their classes are. */
    private Path launcher() throws IOException {
        Path crd = Path.of("deploy", "crd", "blockrequests.core.clawcloud.run.yaml");
        Path copy = directory.resolve(crd);
        if (!Files.exists(copy)) {
            Files.createDirectories(copy.resolveSibling("."));
            Files.copy(PROJECT.resolve(crd), copy);
        }
        return Files.setPosixFilePermissions(
                Files.writeString(
                        directory.resolve("launcher"),
                        """
                        #!/bin/sh
                        case $1 in
                          run) main=run.clawcloud.block.Main ;;
                          simulate) main=run.clawcloud.block.kubesim.Simulate ;;
                        esac
                        shift
                        exec '%s/bin/java' -XX:+UseSerialGC -Xmx256m -XX:TieredStopAtLevel=1 -cp '%s' $main "$@"
                        """.formatted(System.getProperty("java.home"), System.getProperty("java.class.path")),
                        UTF_8),
                PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
