package run.clawcloud.block;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /metrics} says, as Prometheus reads it. */
final class MetricsPage {

    private static final String OURS = "block_controller_";
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{.*})?) (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    private final String text;
    private final Map<String, Double> samples = new TreeMap<>();

    MetricsPage(String text) {
        this.text = text;
        text.lines()
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .forEach(sample -> samples.put(sample.group(1), Double.parseDouble(sample.group(2))));
    }

    /** Reads it from this port. */
    static MetricsPage read(int port) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .build();
            return new MetricsPage(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            return new MetricsPage("");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String text() {
        return text;
    }

    /**
     * The value of one of our series; -1 when there is none.
     *
     * @param series {@code queue_depth{priority="live"}}
     */
    double value(String series) {
        return samples.getOrDefault(OURS + series, -1.0);
    }

    /** The names of all metrics with their types. */
    SortedMap<String, String> types() {
        SortedMap<String, String> types = new TreeMap<>();
        text.lines()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .forEach(type -> types.put(type.group(1), type.group(2)));
        return types;
    }

    /** The labels of a metric, but for the bounds of buckets. */
    Set<String> labels(String metric) {
        Set<String> labels = new TreeSet<>();
        samples.keySet().stream()
                .filter(series -> series(metric).contains(series.replaceFirst("\\{.*", "")))
                .flatMap(series -> LABEL.matcher(series).results())
                .forEach(label -> labels.add(label.group(1)));
        labels.remove("le");
        return labels;
    }

    /** The names of all series. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        types().keySet().forEach(metric -> names.addAll(series(metric)));
        return names;
    }

    /** The names of the series of one metric. */
    private List<String> series(String metric) {
        return switch (types().getOrDefault(metric, "")) {
            case "histogram" -> List.of(metric + "_bucket", metric + "_count", metric + "_sum");
            case "summary" -> List.of(metric, metric + "_count", metric + "_sum");
            default -> List.of(metric);
        };
    }
}
