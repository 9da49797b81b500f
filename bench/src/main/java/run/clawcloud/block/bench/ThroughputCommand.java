package run.clawcloud.block.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import run.clawcloud.block.bench.cluster.BenchNamespaces;
import run.clawcloud.block.bench.cluster.LockRequests;
import run.clawcloud.block.bench.cluster.TestBed;
import run.clawcloud.block.bench.cluster.TestBed.Started;
import run.clawcloud.block.bench.measure.JavaThreads;
import run.clawcloud.block.bench.measure.ProcessStatus;
import run.clawcloud.block.bench.measure.Sampler;
import run.clawcloud.block.bench.report.Figure;
import run.clawcloud.block.bench.report.Goal;
import run.clawcloud.block.bench.report.Run;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.NamespaceWatch;
import run.clawcloud.block.harness.Requests;
import tools.jackson.databind.node.ObjectNode;

/**
 * How many namespaces are locked in a second when many are to be, all at once. Whoever works on them, controller or
 * bare client, has them labelled by the same hands and hears of each as soon as its label is acknowledged.
 */
@Command(description = "Measures many locks at once, beside a bare client: P7, P15.", sortOptions = false)
final class ThroughputCommand implements Callable<Integer> {
    private static final int WARM_UP = 200;
    private static final Duration LOOK = Duration.ofMillis(100);

    /** Between two crowds: the cluster ends what the last one has set off. */
    private static final Duration CALM = Duration.ofSeconds(5);

    private final Lab lab;

    @Option(
            names = "--namespaces",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Namespaces to lock (${DEFAULT-VALUE}).")
    private int namespaces;

    @Option(
            names = "--workloads",
            paramLabel = "N",
            defaultValue = "3",
            description = "Deployments in each (${DEFAULT-VALUE}).")
    private int workloads;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "20",
            description = "Namespaces worked on at once (${DEFAULT-VALUE}).")
    private int concurrency;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    ThroughputCommand(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (namespaces < 1 || workloads < 0 || concurrency < 1) {
            throw new HarnessException("--namespaces and --concurrency are at least 1, --workloads not below 0");
        }
        int warmUp = Math.min(WARM_UP, namespaces);
        cluster.requireFew(3 * namespaces + 2 * warmUp);
        try (TestBed bed = cluster.open(lab, 0);
                BenchNamespaces made = bed.namespaces();
                NamespaceWatch watch = new NamespaceWatch(bed.api(), made.selector());
                LockRequests bare = new LockRequests(bed.client(LockRequests.USER_AGENT))) {
            ObjectNode none = Api.JSON.createObjectNode();
            List<String> first = made.make("first", warmUp, workloads, none);
            List<String> second = made.make("second", warmUp, workloads, none);
            List<String> ours = made.make("lock", namespaces, workloads, none);
            List<String> others = made.make("bare", namespaces, workloads, none);
            List<String> wider = made.make("wide", namespaces, workloads, none);
            try (Started started = cluster.startController(bed, "--max-concurrent-reconciles=" + concurrency)) {
                Session session =
                        new Session(bed, watch, bare, started.process().child().pid());
                session.byController("warm up", first);
                session.byBareClient("warm up", second, concurrency);
                publish(
                        bed,
                        started,
                        session.byBareClient("bare client", others, concurrency),
                        session.byController("controller", ours),
                        session.byBareClient("bare client, twice as many at once", wider, 2 * concurrency));
            }
        }
        return ExitCode.OK;
    }

    /**
     * How a crowd was locked.
     *
     * @param rate namespaces a second
     * @param serverCpus processors that the cluster's process kept busy, 0 if it is not ours
     * @param requests of whoever locked them, 0 if they were not counted
     */
    private record Crowd(double rate, double serverCpus, double lockerCpus, double requests, int threads, double rss) {}

    private void publish(TestBed bed, Started started, Crowd bare, Crowd ours, Crowd wide)
            throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("rate", "namespaces/s, controller", ours.rate(), ""));
        figures.add(Figure.of("rate.bare", "namespaces/s, bare client", bare.rate(), ""));
        figures.add(Figure.of("rate.bare2", "namespaces/s, bare client, twice as many at once", wide.rate(), ""));
        figures.add(new Figure("ratio", "controller ÷ bare client", ours.rate() / bare.rate(), "", Goal.THROUGHPUT));
        long pid = started.process().child().pid();
        figures.add(new Figure(
                "threads",
                "platform threads of the controller, at most",
                JavaThreads.of(pid).peak(),
                "",
                Goal.THREADS_LOADED));
        figures.add(Figure.of("threads.all", "threads, the JVM's own among them", ours.threads(), ""));
        figures.add(Figure.of("rss", "RSS of the controller afterwards", ours.rss(), "MB"));
        figures.add(Figure.of("cpus.controller", "processors that the controller used", ours.lockerCpus(), ""));
        if (bed.server().isPresent()) {
            figures.add(
                    Figure.of("cpus.server", "processors that the cluster used, controller", ours.serverCpus(), ""));
            figures.add(Figure.of("cpus.server.bare", "… bare client", bare.serverCpus(), ""));
            figures.add(Figure.of("cpus.server.bare2", "… bare client, twice as many at once", wide.serverCpus(), ""));
        }
        if (cluster.counts()) {
            figures.add(Figure.of("requests", "requests a namespace, controller", ours.requests(), ""));
            figures.add(Figure.of("requests.bare", "requests a namespace, bare client", bare.requests(), ""));
        }
        Map<String, String> options = new TreeMap<>(Map.of(
                "namespaces", Integer.toString(namespaces),
                "workloads", Integer.toString(workloads),
                "concurrency", Integer.toString(concurrency)));
        cluster.describe(options);
        String flags = ProcessStatus.javaFlags(pid);
        lab.publish(Run.now("throughput", lab.commit(), options, flags, figures), cluster.results(lab));
    }

    /** The measurements, on what is set up. */
    private static final class Session {
        private final TestBed bed;
        private final NamespaceWatch watch;
        private final LockRequests bare;
        private final long controller;

        Session(TestBed bed, NamespaceWatch watch, LockRequests bare, long controller) {
            this.bed = bed;
            this.watch = watch;
            this.bare = bare;
            this.controller = controller;
        }

        Crowd byController(String phase, List<String> names) throws InterruptedException {
            return crowd(phase, names, Requests.CONTROLLER, controller, CrowdOfNamespaces.ours(bed.api(), names));
        }

        Crowd byBareClient(String phase, List<String> names, int width) throws InterruptedException {
            return crowd(
                    phase,
                    names,
                    LockRequests.USER_AGENT,
                    ProcessHandle.current().pid(),
                    CrowdOfNamespaces.ofBareClient(bed.api(), names, bare, width));
        }

        private Crowd crowd(String phase, List<String> names, String agent, long locker, CrowdOfNamespaces crowd)
                throws InterruptedException {
            AtomicInteger locked = new AtomicInteger();
            watch.listen(change -> {
                if (crowd.isNewlyLocked(change)) {
                    locked.incrementAndGet();
                }
            });
            Requests before = bed.requests(agent);
            Duration serverBefore = serverCpu();
            ProcessStatus lockerBefore = ProcessStatus.of(locker);
            bed.progress().begin();
            long start = System.nanoTime();
            int threads;
            try (Sampler sampler = new Sampler(controller, LOOK)) {
                crowd.lock();
                if (!bed.waiting().until(phase, names.size(), locked::get)) {
                    throw new HarnessException(phase + ": only " + locked + " of " + names.size() + " were locked");
                }
                threads = sampler.mostThreads();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            Duration serverUsed = serverCpu().minus(serverBefore);
            Duration lockerUsed = ProcessStatus.of(locker).cpu().minus(lockerBefore.cpu());
            long requests = bed.requests(agent).since(before).withoutEvents();
            bed.progress().end(phase, names.size() + " namespaces");
            Thread.sleep(CALM);
            return new Crowd(
                    names.size() / seconds,
                    serverUsed.toNanos() / 1e9 / seconds,
                    lockerUsed.toNanos() / 1e9 / seconds,
                    (double) requests / names.size(),
                    threads,
                    ProcessStatus.of(controller).rssMegabytes());
        }

        private Duration serverCpu() {
            return bed.server()
                    .map(server -> ProcessStatus.of(server.pid()).cpu())
                    .orElse(Duration.ZERO);
        }
    }
}
