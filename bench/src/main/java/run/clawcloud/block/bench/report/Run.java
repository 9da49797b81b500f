package run.clawcloud.block.bench.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import run.clawcloud.block.harness.Api;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One run of a benchmark: what was measured, of which code, where and how.
 *
 * @param bench such as {@code scale}
 * @param options what was asked for, by name
 * @param flags of the controller's JVM
 * @param series values over time that a chart draws, by name: pairs of seconds and value
 */
public record Run(
        String bench,
        Instant time,
        String commit,
        Machine machine,
        SortedMap<String, String> options,
        String flags,
        List<Figure> figures,
        SortedMap<String, List<double[]>> series) {

    /** A run that ends now. */
    public static Run now(
            String bench, String commit, Map<String, String> options, String flags, List<Figure> figures) {
        return new Run(
                bench,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                commit,
                Machine.here(),
                new TreeMap<>(options),
                flags,
                figures,
                new TreeMap<>());
    }

    /** One line of JSON, without its end. */
    public String toJson() {
        ObjectNode json = Api.JSON.createObjectNode();
        json.put("bench", bench).put("time", time.toString()).put("commit", commit);
        machine.write(json.putObject("machine"));
        ObjectNode chosen = json.putObject("options");
        options.forEach(chosen::put);
        json.put("flags", flags);
        ArrayNode values = json.putArray("figures");
        figures.forEach(figure -> figure.write(values.addObject()));
        if (!series.isEmpty()) {
            ObjectNode lines = json.putObject("series");
            series.forEach((name, points) -> {
                ArrayNode line = lines.putArray(name);
                points.forEach(point -> line.addArray().add(point[0]).add(point[1]));
            });
        }
        return json.toString();
    }
}
