package run.clawcloud.block.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import tools.jackson.databind.JsonNode;

class ResultsTest {
    @TempDir
    private Path directory = Path.of(".");

    private static Run run(String bench, String labelled, Figure... figures) {
        return Run.now(
                bench,
                "0123abc",
                Map.of(
                        "cluster",
                        "kubesim",
                        "namespaces",
                        "100000",
                        "labelled",
                        labelled,
                        "peers",
                        "true",
                        "idle",
                        "60",
                        "starts",
                        "5"),
                "-Xmx64m",
                List.of(figures));
    }

    @Test
    void aRunIsALineWithMachineCommitFlagsAndFigures() {
        String line = run("scale", "5", new Figure("rss", "RSS \"idle\"", 98.5, "MB", Goal.RSS_100K))
                .toJson();
        assertThat(line).doesNotContain("\n");
        JsonNode json = Api.JSON.readTree(line);
        assertThat(json.path("commit").asString()).isEqualTo("0123abc");
        assertThat(json.path("flags").asString()).isEqualTo("-Xmx64m");
        assertThat(json.path("machine").path("cpus").asInt()).isPositive();
        JsonNode figure = json.path("figures").path(0);
        assertThat(figure.path("name").asString()).isEqualTo("RSS \"idle\"");
        assertThat(figure.path("value").asDouble()).isEqualTo(98.5);
        assertThat(figure.path("met").asBoolean()).isTrue();
    }

    @Test
    void theLatestRunOfItsKindCounts() throws IOException {
        Results results = new Results(directory.resolve("results"));
        assertThat(results.latest("scale", Map.of())).isEmpty();
        results.append(run("scale", "5", Figure.of("rss", "RSS", 1, "MB")));
        results.append(run("scale", "5", Figure.of("rss", "RSS", 2, "MB")));
        results.append(run("scale", "50", Figure.of("rss", "RSS", 3, "MB")));
        assertThat(results.latest("scale", Map.of("labelled", "5")))
                .hasValueSatisfying(run -> assertThat(
                                run.path("figures").path(0).path("value").asInt())
                        .isEqualTo(2));
        assertThat(results.latest("scale", Map.of("labelled", "7"))).isEmpty();
    }

    @Test
    void drawsWhatThereAreRunsOf() throws Exception {
        Results results = new Results(directory.resolve("results"));
        results.append(run(
                "scale",
                "5",
                new Figure("rss", "RSS", 98.5, "MB", Goal.RSS_100K),
                Figure.of("rss.fabric8", "fabric8", 829, "MB")));
        Run soak = run("soak", "5");
        soak.series().put("rss", List.of(new double[] {0, 90}, new double[] {60, 99.5}, new double[] {120, 98}));
        results.append(soak);
        List<Path> charts = new Charts(results).draw(directory.resolve("docs"));
        assertThat(charts)
                .extracting(chart -> chart.getFileName().toString())
                .containsExactly("memory.svg", "memory-by-size.svg", "soak.svg");
        for (Path chart : charts) {
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(chart.toFile());
        }
        assertThat(Files.readString(directory.resolve("docs/memory.svg")))
                .contains("98.5 MB")
                .contains("829 MB")
                .doesNotContain("NaN")
                .doesNotContain("official");
    }

    @Test
    void writesTheTablesBetweenTheirMarks() throws IOException {
        Results results = new Results(directory.resolve("results"));
        results.append(run("scale", "5", new Figure("rss", "RSS", 98.5, "MB", Goal.RSS_100K)));
        results.append(run("latency", "5", new Figure("ratio.p50", "lock", 1.75, "", Goal.LATENCY_P50_RATIO)));
        String page = "before\n%s\nwas here\n%s\nafter\n"
                .formatted("<!-- figures: made by ./block-controller bench chart -->", "<!-- end of figures -->");
        Files.createDirectories(directory.resolve("docs"));
        Files.writeString(directory.resolve("README.md"), page);
        Files.writeString(directory.resolve("docs/performance.md"), page);
        new Pages(results).write(directory);
        new Pages(results).write(directory);
        assertThat(Files.readString(directory.resolve("README.md")))
                .startsWith("before\n")
                .endsWith("after\n")
                .contains("| P1 | RSS, 100,000 namespaces, 5 % labelled | 98.5 MB | – | ≤ 112 |")
                .doesNotContain("was here")
                .containsOnlyOnce("P1 ");
        assertThat(Files.readString(directory.resolve("docs/performance.md")))
                .contains("| P6 | lock ÷ bare client, p50 | **1.75** | – | ≤ 1.30 |")
                .contains("0123abc");
    }

    @Test
    void saysThatAPageHasNoPlaceForThem() throws IOException {
        Files.writeString(directory.resolve("README.md"), "no marks\n");
        assertThatThrownBy(() -> new Pages(new Results(directory.resolve("results"))).write(directory))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("README.md")
                .hasMessageContaining("end of figures");
        assertThat(Files.readString(directory.resolve("README.md"))).isEqualTo("no marks\n");
    }

    @Test
    void axesEndAtNumbersThatCanBeRead() {
        assertThat(LineChart.roundUp(99.5)).isEqualTo(100);
        assertThat(LineChart.roundUp(101)).isEqualTo(200);
        assertThat(LineChart.roundUp(0.7)).isEqualTo(0.8);
        assertThat(LineChart.roundUp(9)).isEqualTo(10);
    }

    @Test
    void chartsEscapeWhatTheyAreTold() {
        String svg = new BarChart("a < b & \"c\"", List.of(new BarChart.Bar("<x>", 1, "1", true, Double.NaN))).toSvg();
        assertThat(svg).contains("a &lt; b &amp; &quot;c&quot;").contains("&lt;x&gt;");
    }
}
