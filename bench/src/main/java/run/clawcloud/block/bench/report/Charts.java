package run.clawcloud.block.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Draws the charts of the docs from the latest runs that were kept. A chart for which there is no run is left out. */
public final class Charts {
    /** Every chart is of one kind of cluster: the one that anybody has. */
    private static final Map<String, String> EMBEDDED = Map.of("cluster", "kubesim");

    private static final String COMPARED = "100000";

    private final Results results;

    public Charts(Results results) {
        this.results = results;
    }

    /** Writes the charts into a directory; returns the files. */
    public List<Path> draw(Path directory) throws IOException {
        SortedMap<String, String> charts = new TreeMap<>();
        put(charts, "memory", memory());
        put(charts, "memory-by-size", memoryBySize());
        put(charts, "latency", latency());
        put(charts, "throughput", throughput());
        put(charts, "soak", soak());
        Files.createDirectories(directory);
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> chart : charts.entrySet()) {
            files.add(Files.writeString(directory.resolve(chart.getKey() + ".svg"), chart.getValue()));
        }
        return files;
    }

    private static void put(Map<String, String> charts, String name, @Nullable String svg) {
        if (svg != null) {
            charts.put(name, svg);
        }
    }

    private @Nullable String memory() throws IOException {
        Optional<JsonNode> run = results.latest(
                "scale", Map.of("cluster", "kubesim", "namespaces", COMPARED, "labelled", "5", "peers", "true"));
        return run.map(node -> bars(
                        "RSS, synced and idle, 100,000 namespaces (MB)",
                        List.of(
                                bar(node, "rss", "block-controller", true),
                                bar(node, "rss.fabric8", "fabric8 informer", false),
                                bar(node, "rss.official", "official Java informer", false))))
                .orElse(null);
    }

    private @Nullable String memoryBySize() throws IOException {
        List<BarChart.Bar> bars = new ArrayList<>();
        for (String namespaces : List.of(COMPARED, "1000000")) {
            for (boolean locked : new boolean[] {false, true}) {
                Map<String, String> options = locked
                        ? Map.of("cluster", "kubesim", "namespaces", namespaces, "locked", "all")
                        : Map.of("cluster", "kubesim", "namespaces", namespaces, "labelled", "5");
                results.latest("scale", options)
                        .ifPresent(run -> bars.add(bar(
                                run,
                                "rss",
                                String.format(
                                        Locale.ROOT,
                                        "%,d, %s",
                                        Integer.parseInt(namespaces),
                                        locked ? "all locked" : "5 % labelled"),
                                true)));
            }
        }
        return bars.isEmpty() ? null : bars("RSS of block-controller by size of the cluster (MB)", bars);
    }

    private @Nullable String latency() throws IOException {
        return results.latest("latency", EMBEDDED)
                .map(run -> bars(
                        "One lock, label acknowledged to applied (ms)",
                        List.of(
                                bar(run, "lock.p50", "block-controller, p50", true),
                                bar(run, "bare.p50", "bare client, p50", false),
                                bar(run, "lock.p99", "block-controller, p99", true),
                                bar(run, "bare.p99", "bare client, p99", false))))
                .orElse(null);
    }

    private @Nullable String throughput() throws IOException {
        return results.latest("throughput", EMBEDDED)
                .map(run -> bars(
                        "Many locks at once (namespaces/s)",
                        List.of(
                                bar(run, "rate", "block-controller", true),
                                bar(run, "rate.bare", "bare client", false),
                                bar(run, "rate.bare2", "bare client, twice as many at once", false))))
                .orElse(null);
    }

    private @Nullable String soak() throws IOException {
        return results.latest("soak", EMBEDDED)
                .map(run -> run.path("series").path("rss"))
                .filter(series -> !series.isEmpty())
                .map(series -> new LineChart(
                                "RSS of block-controller under churn (MB by minutes)",
                                series.valueStream()
                                        .map(point -> new double[] {
                                            point.path(0).asDouble() / 60,
                                            point.path(1).asDouble()
                                        })
                                        .toList())
                        .toSvg())
                .orElse(null);
    }

    private static String bars(String title, List<BarChart.Bar> bars) {
        return new BarChart(
                        title,
                        bars.stream().filter(bar -> !Double.isNaN(bar.value())).toList())
                .toSvg();
    }

    /** What the run says about a figure, its target included. */
    private static BarChart.Bar bar(JsonNode run, String key, String label, boolean ours) {
        JsonNode figure = run.path("figures")
                .valueStream()
                .filter(each -> each.path("key").asString("").equals(key))
                .findFirst()
                .orElse(run.path("none"));
        double value = figure.path("value").asDouble(Double.NaN);
        String target = figure.path("target").asString("");
        return new BarChart.Bar(
                label,
                value,
                Figure.of(key, label, value, figure.path("unit").asString("")).text(),
                ours,
                target.isEmpty() ? Double.NaN : Double.parseDouble(target.replaceAll("[^0-9.]", "")));
    }
}
