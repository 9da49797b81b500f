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
import run.clawcloud.block.api.Names;
import run.clawcloud.block.bench.cluster.BenchNamespaces;
import run.clawcloud.block.bench.cluster.TestBed;
import run.clawcloud.block.bench.cluster.TestBed.Started;
import run.clawcloud.block.bench.measure.ProcessStatus;
import run.clawcloud.block.bench.measure.Sampler;
import run.clawcloud.block.bench.report.Figure;
import run.clawcloud.block.bench.report.Run;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.NamespaceWatch;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the lock of one namespace with very many objects in it takes of memory. That the number does not matter is seen
 * by a namespace with a tenth of them. Each lock is by a controller that has just started.
 */
@Command(
        description = "Locks single namespaces of thousands of workloads or pods and measures the controller's memory.",
        sortOptions = false)
final class CrowdedCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final int FEWER = 10;

    private final Lab lab;

    @Option(
            names = "--deployments",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Deployments in one namespace (${DEFAULT-VALUE}).")
    private int deployments;

    @Option(
            names = "--pods",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Pods without a controller in another (${DEFAULT-VALUE}).")
    private int pods;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long the controller idles before and after the lock (${DEFAULT-VALUE}).")
    private int idle;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    CrowdedCommand(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (deployments < FEWER || pods < 1 || idle < 0) {
            throw new HarnessException(
                    "--deployments is at least " + FEWER + ", --pods at least 1, --idle not below 0");
        }
        if (!cluster.own()) {
            throw new HarnessException(
                    "so many objects are too many for a real cluster, unless it is one to" + " --throw-away");
        }
        try (TestBed bed = cluster.open(lab, 0);
                BenchNamespaces made = bed.namespaces();
                NamespaceWatch watch = new NamespaceWatch(bed.api(), made.selector())) {
            ObjectNode none = Api.JSON.createObjectNode();
            Session session = new Session(bed, watch);
            session.lock(
                    "few",
                    deployments / FEWER + " Deployments",
                    made.make("few", 1, deployments / FEWER, none).getFirst());
            session.lock(
                    "many",
                    deployments + " Deployments",
                    made.make("many", 1, deployments, none).getFirst());
            session.lock("pods", pods + " pods", made.makePods("pods", pods));
            Map<String, String> options = new TreeMap<>(Map.of(
                    "deployments", Integer.toString(deployments),
                    "pods", Integer.toString(pods),
                    "idle", Integer.toString(idle)));
            cluster.describe(options);
            lab.publish(
                    Run.now("crowded", lab.commit(), options, session.flags, session.figures), cluster.results(lab));
        }
        return ExitCode.OK;
    }

    /** The measurements, on what is set up. */
    private final class Session {
        private final TestBed bed;
        private final NamespaceWatch watch;
        private final List<Figure> figures = new ArrayList<>();
        private String flags = "";

        Session(TestBed bed, NamespaceWatch watch) {
            this.bed = bed;
            this.watch = watch;
        }

        void lock(String key, String content, String namespace) throws InterruptedException {
            try (Started started = cluster.startController(bed)) {
                long pid = started.process().child().pid();
                flags = ProcessStatus.javaFlags(pid);
                Thread.sleep(Duration.ofSeconds(idle));
                double before = ProcessStatus.of(pid).rssMegabytes();
                Arrival locked = new Arrival(namespace, Names.APPLIED_LABEL, Names.APPLIED_LOCKED);
                watch.listen(locked);
                bed.progress().begin();
                long start = System.nanoTime();
                double seconds;
                double most;
                try (Sampler sampler = new Sampler(pid, LOOK)) {
                    bed.api().mergePatch(Api.namespace(namespace), status(Names.LOCKED));
                    seconds = (locked.await(TIMEOUT) - start) / 1e9;
                    most = sampler.mostRssMegabytes();
                }
                bed.progress().end("lock", content);
                Thread.sleep(Duration.ofSeconds(idle));
                double after = ProcessStatus.of(pid).rssMegabytes();
                figures.add(Figure.of("before." + key, "RSS before " + content + " are locked", before, "MB"));
                figures.add(Figure.of("most." + key, "… the most that was seen meanwhile", most, "MB"));
                figures.add(Figure.of("after." + key, "… after " + idle + " s of idling", after, "MB"));
                figures.add(Figure.of("time." + key, "… the lock took", seconds, "s"));
            }
        }
    }

    private static ObjectNode status(String value) {
        ObjectNode patch = Api.JSON.createObjectNode();
        patch.withObject("/metadata/labels").put(Names.STATUS_LABEL, value);
        return patch;
    }
}
