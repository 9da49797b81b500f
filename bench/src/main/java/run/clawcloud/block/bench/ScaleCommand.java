package run.clawcloud.block.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.bench.cluster.BenchNamespaces;
import run.clawcloud.block.bench.cluster.QuotaDrift;
import run.clawcloud.block.bench.cluster.TestBed;
import run.clawcloud.block.bench.cluster.TestBed.Started;
import run.clawcloud.block.bench.cluster.WideScope;
import run.clawcloud.block.bench.measure.JavaThreads;
import run.clawcloud.block.bench.measure.ProcessStatus;
import run.clawcloud.block.bench.peer.Fabric8Informer;
import run.clawcloud.block.bench.peer.OfficialInformer;
import run.clawcloud.block.bench.report.Figure;
import run.clawcloud.block.bench.report.Goal;
import run.clawcloud.block.bench.report.Run;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Latencies;
import run.clawcloud.block.harness.Requests;
import tools.jackson.databind.node.ObjectNode;

/** What a cluster costs in which nothing changes. */
@Command(
        description =
                "Measures memory, start, requests and threads on a cluster in which nothing changes: P1 to P4, P8,"
                        + " P10, P15.",
        sortOptions = false)
final class ScaleCommand implements Callable<Integer> {
    private static final int HUNDRED_THOUSAND = 100_000;
    private static final int MILLION = 1_000_000;
    private static final int DEFAULT_LABELLED = 5;

    private static final int WIDENINGS = 3;

    private static final String[] ELECTION = {"--leader-elect", "--leader-elect-resource-namespace=default"};

    /** Of the controller's lists, and of its slow scan's. */
    private static final int PAGE = 500;

    private static final int DELETED_QUOTAS = 100;

    private static final Duration AFTER_RESTART = Duration.ofSeconds(5);

    private final Lab lab;

    @Option(
            names = "--namespaces",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Namespaces of the cluster (${DEFAULT-VALUE}).")
    private int namespaces;

    @Option(
            names = "--labelled",
            paramLabel = "PERCENT",
            defaultValue = "5",
            description = "How many of them have the status label, in percent (${DEFAULT-VALUE}).")
    private int labelled;

    @Option(names = "--all-locked", description = "All of them are locked, instead.")
    private boolean allLocked;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long it is idle before memory is read (${DEFAULT-VALUE}).")
    private int idle;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often the controller is started; the median counts (${DEFAULT-VALUE}).")
    private int starts;

    @Option(names = "--peers", description = "Informers of the two Java clients, too, on the same cluster.")
    private boolean peers;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    ScaleCommand(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (namespaces < 1 || starts < 1 || labelled < 0 || labelled > 100 || idle < 0) {
            throw new HarnessException(
                    "--namespaces and --starts are at least 1, --labelled is 0 to 100, --idle not below 0");
        }
        cluster.requireFew(namespaces);
        try (TestBed bed = cluster.open(lab, namespaces, allLocked ? "--locked=100%" : "--labelled=" + labelled + "%");
                BenchNamespaces made = bed.namespaces()) {
            if (cluster.real()) {
                populate(made);
            }
            if (cluster.own()) {
                bed.serveBlockRequests();
            }
            measure(bed);
        }
        return ExitCode.OK;
    }

    private void populate(BenchNamespaces made) throws InterruptedException {
        if (allLocked) {
            made.makeLocked("locked", namespaces);
            return;
        }
        int chosen = namespaces * labelled / 100;
        ObjectNode labels = Api.JSON.createObjectNode();
        made.make("plain", namespaces - chosen, 0, labels);
        made.make("active", chosen, 0, labels.put(Names.STATUS_LABEL, Names.ACTIVE));
    }

    private void measure(TestBed bed) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        double[] seconds = new double[starts];
        for (int i = 0; i < starts - 1; i++) {
            try (Started started = cluster.startController(bed)) {
                seconds[i] = started.syncTime().toNanos() / 1e9;
            }
        }
        // The requests of an idle minute are those of a leader. Where others live too, no Lease is left behind.
        Started started = cluster.own() ? cluster.startController(bed, ELECTION) : cluster.startController(bed);
        String flags;
        try (started) {
            if (cluster.own()) {
                awaitLeader(bed, started);
            }
            seconds[starts - 1] = started.syncTime().toNanos() / 1e9;
            long pid = started.process().child().pid();
            flags = ProcessStatus.javaFlags(pid);
            List<TestBed.Peer> others = startPeers(bed);
            Requests before = bed.controllerRequests();
            bed.progress().begin();
            Thread.sleep(Duration.ofSeconds(idle));
            bed.progress().end("idle", idle + " s");
            Requests requests = bed.controllerRequests().since(before);
            ProcessStatus status = ProcessStatus.of(pid);
            figures.add(new Figure("rss", "RSS, idle for " + idle + " s", status.rssMegabytes(), "MB", rssGoal()));
            figures.add(Figure.of("rss.peak", "RSS, the most it ever was", status.peakRss() / 1e6, "MB"));
            figures.add(new Figure(
                    "start",
                    "process start to synced, median of " + starts,
                    median(seconds),
                    "s",
                    goal(Goal.START, false)));
            figures.add(new Figure(
                    "threads", "platform threads", JavaThreads.of(pid).live(), "", Goal.THREADS_IDLE));
            figures.add(Figure.of("threads.all", "threads, the JVM's own among them", status.threads(), ""));
            for (TestBed.Peer peer : others) {
                addPeer(figures, peer);
            }
            if (cluster.counts() && idle > 0) {
                addRequests(figures, requests);
            }
            if (cluster.own()) {
                if (allLocked) {
                    addDrift(figures, bed);
                }
                addWideScope(figures, bed, pid);
            }
        }
        if (cluster.counts()) {
            figures.add(restart(bed));
        }
        lab.publish(Run.now("scale", lab.commit(), options(), flags, figures), cluster.results(lab));
    }

    private static void awaitLeader(TestBed bed, Started started) throws InterruptedException {
        if (!bed.waiting().until("leader", 1, () -> started.process().leads() ? 1 : 0)) {
            throw new HarnessException("the controller was not elected");
        }
    }

    private List<TestBed.Peer> startPeers(TestBed bed) throws IOException, InterruptedException {
        return peers
                ? List.of(
                        bed.startPeer("fabric8", Fabric8Informer.class),
                        bed.startPeer("official", OfficialInformer.class))
                : List.of();
    }

    private static void addPeer(List<Figure> figures, TestBed.Peer peer) {
        String name = peer.name();
        ProcessStatus status = ProcessStatus.of(peer.process().pid());
        figures.add(Figure.of("rss." + name, name + " informer: RSS", status.rssMegabytes(), "MB"));
        figures.add(Figure.of(
                "start." + name,
                name + " informer: process start to synced",
                peer.syncTime().toNanos() / 1e9,
                "s"));
    }

    /**
     * The slow scan runs once an hour, so a minute has a sixtieth of its pages: they are added by calculation, for a
     * minute of idling sees none.
     */
    private void addRequests(List<Figure> figures, Requests idled) {
        double counted = idled.total() * 60.0 / idle;
        double scan = allLocked ? pages(namespaces) / 60.0 : 0;
        figures.add(Figure.of("requests.counted", "requests a minute, counted", counted, ""));
        figures.add(Figure.of("requests.scan", "requests a minute, the slow scan's share", scan, ""));
        figures.add(new Figure("requests", "requests a minute", counted + scan, "", goal(Goal.IDLE_REQUESTS, true)));
    }

    private static int pages(int objects) {
        return Math.ceilDiv(objects, PAGE);
    }

    private static void addDrift(List<Figure> figures, TestBed bed) throws InterruptedException {
        try (QuotaDrift drift = new QuotaDrift(bed.api())) {
            Latencies away = drift.delete(DELETED_QUOTAS);
            figures.add(Figure.of(
                    "drift.p50",
                    "a deleted quota is put back, p50 of " + away.count(),
                    away.percentile(50).toNanos() / 1e6,
                    "ms"));
            figures.add(Figure.of("drift.max", "… at most", away.percentile(100).toNanos() / 1e6, "ms"));
        }
    }

    /** A list is allowed its pages, however many were asked for; what a restart asks for besides is the figure. */
    private Figure restart(TestBed bed) throws InterruptedException {
        Requests before = bed.controllerRequests();
        try (Started started = cluster.startController(bed)) {
            Thread.sleep(AFTER_RESTART);
            started.process().child().requireAlive();
            Requests requests = bed.controllerRequests().since(before);
            long pages = requests.counts().getOrDefault("list namespaces", 0L);
            return new Figure(
                    "restart",
                    "requests of a restart, besides the " + pages + " of its lists of namespaces",
                    requests.total() - pages,
                    "",
                    goal(Goal.RESTART_REQUESTS, true));
        }
    }

    /** What it takes to read all namespaces, beside what it takes to download them and throw them away. */
    private void addWideScope(List<Figure> figures, TestBed bed, long controller) throws InterruptedException {
        double download = Double.MAX_VALUE;
        double wide = Double.MAX_VALUE;
        long bytes = 0;
        for (int i = 0; i < WIDENINGS; i++) {
            long start = System.nanoTime();
            bytes = bed.api().download(Api.NAMESPACES, PAGE).bytes();
            download = Math.min(download, (System.nanoTime() - start) / 1e9);
            wide = Math.min(wide, new WideScope(bed).widen().toNanos() / 1e9);
        }
        figures.add(Figure.of("download", "bare download of all namespaces, best of " + WIDENINGS, download, "s"));
        figures.add(Figure.of("download.size", "its size", bytes / 1e6, "MB"));
        figures.add(Figure.of("wide", "sync of the scope of all namespaces, best of " + WIDENINGS, wide, "s"));
        figures.add(new Figure("wide.ratio", "sync ÷ bare download", wide / download, "", goal(Goal.WIDE_SYNC, false)));
        figures.add(Figure.of(
                "rss.wide", "RSS after it", ProcessStatus.of(controller).rssMegabytes(), "MB"));
    }

    private @Nullable Goal rssGoal() {
        return switch (namespaces) {
            case HUNDRED_THOUSAND -> goal(allLocked ? Goal.RSS_100K_LOCKED : Goal.RSS_100K, allLocked);
            case MILLION -> allLocked ? Goal.RSS_1M_LOCKED : labelled == DEFAULT_LABELLED ? Goal.RSS_1M : null;
            default -> null;
        };
    }

    /** A goal is set for one size and one share of labels. */
    private @Nullable Goal goal(Goal goal, boolean locked) {
        boolean asStated =
                namespaces == HUNDRED_THOUSAND && locked == allLocked && (allLocked || labelled == DEFAULT_LABELLED);
        return asStated ? goal : null;
    }

    private Map<String, String> options() {
        Map<String, String> options = new TreeMap<>(Map.of(
                "namespaces", Integer.toString(namespaces),
                "idle", Integer.toString(idle),
                "starts", Integer.toString(starts),
                "peers", Boolean.toString(peers)));
        options.put(allLocked ? "locked" : "labelled", allLocked ? "all" : Integer.toString(labelled));
        cluster.describe(options);
        return options;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
