package run.clawcloud.block.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import run.clawcloud.block.bench.micro.ExpiryScan;
import run.clawcloud.block.bench.micro.FilterChecks;
import run.clawcloud.block.bench.micro.IndexBytes;
import run.clawcloud.block.bench.micro.IndexChanges;
import run.clawcloud.block.bench.report.Figure;
import run.clawcloud.block.bench.report.Goal;
import run.clawcloud.block.bench.report.Run;
import run.clawcloud.block.harness.HarnessException;

/** What one event, one entry and one scan cost, without a cluster. */
@Command(description = "Measures index, filter and scan with JMH: P11 to P14.", sortOptions = false)
final class MicroCommand implements Callable<Integer> {
    private final Lab lab;

    @Option(
            names = "--forks",
            paramLabel = "N",
            defaultValue = "2",
            description = "JVMs, one after the other (${DEFAULT-VALUE}).")
    private int forks;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "5",
            description = "Measurements in each, after as many to warm up (${DEFAULT-VALUE}).")
    private int iterations;

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Length of a measurement (${DEFAULT-VALUE}).")
    private int millis;

    @Mixin
    private CommonOptions common = new CommonOptions();

    MicroCommand(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, Double> scores = scores();
        List<Figure> figures = new ArrayList<>();
        figures.add(perSecond(scores, "checks", "event filter, checks", Goal.FILTER));
        figures.add(perSecond(scores, "lookups", "… the index alone, lookups", null));
        figures.add(perSecond(scores, "inserts", "inserts at 100,000", Goal.INSERTS));
        figures.add(perSecond(scores, "deletes", "deletes at 100,000", Goal.DELETES));
        figures.add(new Figure(
                "index.bytes",
                "bytes of heap a namespace, names of " + IndexBytes.NAME_LENGTH + " bytes",
                IndexBytes.measured(),
                "B",
                Goal.INDEX_BYTES));
        figures.add(Figure.of(
                "index.bytes.longest",
                "bytes of heap a namespace, names of 63 bytes",
                IndexBytes.measuredWithLongestNames(),
                "B"));
        figures.add(new Figure(
                "expiry.scan",
                "expiry scan of 1,000,000",
                1e3 / scores.getOrDefault("scan", Double.NaN),
                "ms",
                Goal.EXPIRY_SCAN));
        Map<String, String> options = new TreeMap<>(Map.of(
                "forks", Integer.toString(forks),
                "iterations", Integer.toString(iterations),
                "millis", Integer.toString(millis)));
        lab.publish(Run.now("micro", lab.commit(), options, "", figures), common.results(lab));
        return ExitCode.OK;
    }

    private static Figure perSecond(Map<String, Double> scores, String key, String name, @Nullable Goal goal) {
        return new Figure(key, name, scores.getOrDefault(key, Double.NaN) / 1e6, "M/s", goal);
    }

    /** Operations a second, by the name of the benchmark's method. */
    private Map<String, Double> scores() {
        Options options = new OptionsBuilder()
                .include(FilterChecks.class.getName())
                .include(IndexChanges.class.getName())
                .include(ExpiryScan.class.getName())
                .forks(forks)
                .warmupIterations(iterations)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(millis))
                .verbosity(VerboseMode.SILENT)
                .build();
        try {
            Map<String, Double> scores = new TreeMap<>();
            for (RunResult result : new Runner(options).run()) {
                scores.put(
                        result.getPrimaryResult().getLabel(),
                        result.getPrimaryResult().getScore());
            }
            return scores;
        } catch (RunnerException e) {
            throw new HarnessException("JMH: " + e.getMessage());
        }
    }
}
