package run.clawcloud.block.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import run.clawcloud.block.bench.cluster.BenchNamespaces;
import run.clawcloud.block.bench.cluster.Churn;
import run.clawcloud.block.bench.cluster.TestBed;
import run.clawcloud.block.bench.cluster.TestBed.Started;
import run.clawcloud.block.bench.measure.ProcessStatus;
import run.clawcloud.block.bench.measure.Sampler;
import run.clawcloud.block.bench.measure.Slope;
import run.clawcloud.block.bench.report.Figure;
import run.clawcloud.block.bench.report.Goal;
import run.clawcloud.block.bench.report.Run;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Requests;

/** Whether memory grows while namespaces change, come and go. */
@Command(
        description = "Changes namespaces for minutes and measures how the controller's memory grows: P16.",
        sortOptions = false)
final class SoakCommand implements Callable<Integer> {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The first of so many parts of the time does not count: buffers fill and code is compiled. */
    private static final int WARM_UP = 5;

    private static final int POINTS_OF_CHART = 200;

    private final Lab lab;

    @Option(
            names = "--namespaces",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Namespaces of the embedded cluster (${DEFAULT-VALUE}).")
    private int namespaces;

    @Option(
            names = "--changing",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Further namespaces, which change (${DEFAULT-VALUE}).")
    private int changing;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Events a second (${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long, as in 10 or 0.5 (${DEFAULT-VALUE}).")
    private double minutes;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    SoakCommand(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (namespaces < 0 || changing < 10 || rate < 1 || minutes <= 0) {
            throw new HarnessException("--changing is at least 10, --rate at least 1, --minutes above 0");
        }
        cluster.requireFew(changing);
        Duration length = Duration.ofMillis(Math.round(minutes * 60_000));
        try (TestBed bed = cluster.open(lab, namespaces, "--labelled=5%");
                BenchNamespaces made = bed.namespaces();
                Churn churn = new Churn(bed.api(), made, changing);
                Started started = cluster.startController(bed)) {
            Requests before = bed.controllerRequests();
            bed.progress().begin();
            List<Sampler.Sample> samples;
            long events;
            try (Sampler sampler = new Sampler(started.process().child().pid(), INTERVAL)) {
                events = churn.run(rate, length, (done, total) -> {
                    started.process().child().requireAlive();
                    bed.progress().update("soak", done, total);
                });
                samples = sampler.samples();
            }
            bed.progress().end("soak", events + " events");
            publish(bed.controllerRequests().since(before), started, samples, events / (length.toMillis() / 1e3));
        }
        return ExitCode.OK;
    }

    private void publish(Requests requests, Started started, List<Sampler.Sample> samples, double achieved)
            throws IOException, InterruptedException {
        List<double[]> points = samples.stream()
                .map(sample -> new double[] {sample.seconds(), sample.status().rssMegabytes()})
                .toList();
        List<double[]> settled = points.subList(points.size() / WARM_UP, points.size());
        if (settled.size() < 2) {
            throw new HarnessException("too short to see a slope: --minutes has to be more than 0.1");
        }
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(
                "slope",
                "RSS slope after the first fifth of the time",
                Slope.of(settled) * 60,
                "MB/min",
                Goal.RSS_SLOPE));
        figures.add(Figure.of("rss.first", "RSS at the beginning", points.getFirst()[1], "MB"));
        figures.add(Figure.of("rss.last", "RSS at the end", points.getLast()[1], "MB"));
        figures.add(Figure.of("rate", "events a second that were reached", achieved, ""));
        figures.add(Figure.of("requests", "requests of the controller", (double) requests.withoutEvents(), ""));
        Map<String, String> options = new TreeMap<>(Map.of(
                "namespaces", Integer.toString(namespaces),
                "changing", Integer.toString(changing),
                "rate", Integer.toString(rate),
                "minutes", Double.toString(minutes)));
        cluster.describe(options);
        Run run = Run.now(
                "soak",
                lab.commit(),
                options,
                ProcessStatus.javaFlags(started.process().child().pid()),
                figures);
        run.series().put("rss", thinned(points));
        lab.publish(run, cluster.results(lab));
    }

    /** Enough for a chart. */
    private static List<double[]> thinned(List<double[]> points) {
        int step = Math.ceilDiv(points.size(), POINTS_OF_CHART);
        List<double[]> kept = new ArrayList<>();
        for (int i = 0; i < points.size(); i += step) {
            kept.add(new double[] {Math.rint(points.get(i)[0]), Math.rint(points.get(i)[1] * 10) / 10});
        }
        return kept;
    }
}
