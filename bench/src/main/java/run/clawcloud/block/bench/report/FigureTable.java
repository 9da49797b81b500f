package run.clawcloud.block.bench.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The table of the docs, in Markdown, from the latest runs that were kept. A figure that no run has is shown as such.
 */
final class FigureTable {
    private static final String MISSING = "–";
    private static final int COMMIT_LENGTH = 7;

    private static final Map<String, String> FEW =
            Map.of("namespaces", "100000", "labelled", "5", "idle", "60", "starts", "5", "peers", "true");
    private static final Map<String, String> FEW_LOCKED = Map.of("namespaces", "100000", "locked", "all", "idle", "60");
    private static final Map<String, String> MANY = Map.of("namespaces", "1000000", "labelled", "5", "idle", "60");
    private static final Map<String, String> MANY_LOCKED =
            Map.of("namespaces", "1000000", "locked", "all", "idle", "60");
    private static final Map<String, String> CROWDED = Map.of("deployments", "5000", "pods", "20000", "idle", "60");
    private static final Map<String, String> ANY = Map.of();

    /**
     * A line of the table.
     *
     * @param row such as {@code P1}; empty for one that only explains others
     * @param options of the run that counts
     * @param inShort whether it is one of the few that say what it is about
     */
    private record Line(
            String row, String name, String bench, Map<String, String> options, String key, boolean inShort) {
        Line(String row, String name, String bench, Map<String, String> options, String key) {
            this(row, name, bench, options, key, false);
        }

        private Line asShort() {
            return new Line(row, name, bench, options, key, true);
        }
    }

    private static final List<Line> ALL = List.of(
            new Line("P1", "RSS, 100,000 namespaces, 5 % labelled", "scale", FEW, "rss").asShort(),
            new Line("", "… fabric8 informer on the same cluster", "scale", FEW, "rss.fabric8").asShort(),
            new Line("", "… official Java informer on the same cluster", "scale", FEW, "rss.official").asShort(),
            new Line("P2", "RSS, 100,000, all locked", "scale", FEW_LOCKED, "rss").asShort(),
            new Line("P3", "RSS, 1,000,000, 5 % labelled", "scale", MANY, "rss"),
            new Line("P3", "RSS, 1,000,000, all locked", "scale", MANY_LOCKED, "rss").asShort(),
            new Line("P4", "process start to synced, 100,000, 5 % labelled", "scale", FEW, "start").asShort(),
            new Line("", "… fabric8 informer, all 100,000", "scale", FEW, "start.fabric8"),
            new Line("", "… official Java informer, all 100,000", "scale", FEW, "start.official"),
            new Line("P5", "sync of all namespaces ÷ bare download", "scale", FEW, "wide.ratio"),
            new Line("", "… all 100,000 locked", "scale", FEW_LOCKED, "wide.ratio"),
            new Line("", "… 1,000,000, 5 % labelled", "scale", MANY, "wide.ratio"),
            new Line("P6", "lock ÷ bare client, p50", "latency", ANY, "ratio.p50"),
            new Line("P6", "lock ÷ bare client, p99", "latency", ANY, "ratio.p99"),
            new Line("P6", "lock, p50", "latency", ANY, "lock.p50").asShort(),
            new Line("", "… bare client, p50", "latency", ANY, "bare.p50"),
            new Line("P7", "locks at once, controller ÷ bare client", "throughput", ANY, "ratio"),
            new Line("", "… controller, namespaces a second", "throughput", ANY, "rate"),
            new Line("", "… bare client, namespaces a second", "throughput", ANY, "rate.bare"),
            new Line("P8", "requests a minute, 100,000 locked, idle", "scale", FEW_LOCKED, "requests").asShort(),
            new Line(
                    "",
                    "a quota deleted in one of 100,000 locked is back after, p50",
                    "scale",
                    FEW_LOCKED,
                    "drift.p50"),
            new Line("P9", "requests of a lock, over one for each object", "latency", ANY, "requests.lock"),
            new Line("P9", "requests of an unlock, over one for each object", "latency", ANY, "requests.unlock"),
            new Line("P10", "requests of a restart, besides its lists of namespaces", "scale", FEW_LOCKED, "restart")
                    .asShort(),
            new Line("P11", "event filter, checks", "micro", ANY, "checks"),
            new Line("P12", "index: inserts at 100,000", "micro", ANY, "inserts"),
            new Line("P12", "index: deletes at 100,000", "micro", ANY, "deletes"),
            new Line("P13", "index: bytes a namespace, names of 24 bytes", "micro", ANY, "index.bytes"),
            new Line("", "… names of 63 bytes", "micro", ANY, "index.bytes.longest"),
            new Line("P14", "expiry scan of 1,000,000", "micro", ANY, "expiry.scan"),
            new Line("P15", "platform threads, idle", "scale", FEW, "threads"),
            new Line("P15", "platform threads, under P7", "throughput", ANY, "threads"),
            new Line("P16", "RSS slope under churn", "soak", ANY, "slope"),
            new Line("", "RSS, most while one namespace of 500 Deployments is locked", "crowded", CROWDED, "most.few"),
            new Line("", "… of 5,000 Deployments", "crowded", CROWDED, "most.many"),
            new Line("", "… of 20,000 pods", "crowded", CROWDED, "most.pods"));

    private final Results results;
    private final SortedSet<String> commits = new TreeSet<>();
    private final SortedSet<String> machines = new TreeSet<>();

    private FigureTable(Results results) {
        this.results = results;
    }

    /** Every figure, and what it was taken on. */
    static String all(Results results) throws IOException {
        return new FigureTable(results).markdown(ALL);
    }

    /** The few that say what it is about. */
    static String few(Results results) throws IOException {
        return new FigureTable(results)
                .markdown(ALL.stream().filter(Line::inShort).toList());
    }

    private String markdown(List<Line> lines) throws IOException {
        List<String> text = new ArrayList<>();
        text.add("| # | figure | embedded cluster | real kube-apiserver | target |");
        text.add("|---|---|---|---|---|");
        for (Line line : lines) {
            Optional<JsonNode> embedded = figure(line, "kubesim");
            Optional<JsonNode> real = figure(line, "real");
            String target = embedded.or(() -> real)
                    .map(figure -> figure.path("target").asString(""))
                    .orElse("");
            text.add("| %s | %s | %s | %s | %s |"
                    .formatted(
                            line.row(),
                            line.name(),
                            embedded.map(FigureTable::value).orElse(MISSING),
                            real.map(FigureTable::value).orElse(MISSING),
                            target));
        }
        text.add("");
        text.add("Of commit " + String.join(", ", commits) + "; on " + String.join("; ", machines)
                + ". Bold: the target is missed.");
        return String.join("\n", text) + "\n";
    }

    private Optional<JsonNode> figure(Line line, String cluster) throws IOException {
        boolean clusterless = line.bench().equals("micro");
        if (clusterless && !cluster.equals("kubesim")) {
            return Optional.empty();
        }
        Map<String, String> options = new TreeMap<>(line.options());
        if (!clusterless) {
            options.put("cluster", cluster);
        }
        JsonNode run = results.latest(line.bench(), options).orElse(null);
        JsonNode figure = run == null ? null : figure(run, line.key());
        if (run == null || figure == null) {
            return Optional.empty();
        }
        String commit = run.path("commit").asString("");
        commits.add(commit.substring(0, Math.min(COMMIT_LENGTH, commit.length())));
        JsonNode machine = run.path("machine");
        machines.add("%d × %s, %s"
                .formatted(
                        machine.path("cpus").asInt(),
                        machine.path("cpu").asString("?"),
                        machine.path("java").asString("?")));
        return Optional.of(figure);
    }

    private static @Nullable JsonNode figure(JsonNode run, String key) {
        return run.path("figures")
                .valueStream()
                .filter(figure -> figure.path("key").asString("").equals(key))
                .findFirst()
                .orElse(null);
    }

    private static String value(JsonNode figure) {
        String text = Figure.of(
                        "",
                        "",
                        figure.path("value").asDouble(Double.NaN),
                        figure.path("unit").asString(""))
                .text();
        return figure.path("met").asBoolean(true) ? text : "**" + text + "**";
    }
}
