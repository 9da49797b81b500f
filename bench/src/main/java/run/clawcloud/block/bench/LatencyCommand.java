package run.clawcloud.block.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.bench.cluster.BenchNamespaces;
import run.clawcloud.block.bench.cluster.LockRequests;
import run.clawcloud.block.bench.cluster.TestBed;
import run.clawcloud.block.bench.cluster.TestBed.Started;
import run.clawcloud.block.bench.measure.ProcessStatus;
import run.clawcloud.block.bench.report.Figure;
import run.clawcloud.block.bench.report.Goal;
import run.clawcloud.block.bench.report.Run;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Latencies;
import run.clawcloud.block.harness.Meta;
import run.clawcloud.block.harness.NamespaceWatch;
import run.clawcloud.block.harness.Requests;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How long one lock takes on a cluster in which nothing else happens, and how many requests. The controller and the
 * bare client take turns, one lock each, so that both see the same machine.
 */
@Command(description = "Measures one lock and one unlock at a time, beside a bare client: P6, P9.", sortOptions = false)
final class LatencyCommand implements Callable<Integer> {
    /** Between two locks: what the last one has set off in the cluster has ended. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Lab lab;

    @Option(
            names = "--namespaces",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Namespaces of the embedded cluster (${DEFAULT-VALUE}).")
    private int namespaces;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "200",
            description = "Locks of each, controller and bare client (${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "50",
            description = "Locks of each before those that count (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--workloads",
            paramLabel = "N",
            defaultValue = "3",
            description = "Deployments in each namespace (${DEFAULT-VALUE}).")
    private int workloads;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    LatencyCommand(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (namespaces < 0 || samples < 1 || warmUp < 0 || workloads < 1) {
            throw new HarnessException("--samples and --workloads are at least 1, the others not below 0");
        }
        cluster.requireFew(2 * (samples + warmUp));
        try (TestBed bed = cluster.open(lab, namespaces, "--labelled=5%");
                BenchNamespaces made = bed.namespaces();
                NamespaceWatch watch = new NamespaceWatch(bed.api(), made.selector());
                LockRequests bare = new LockRequests(bed.client(LockRequests.USER_AGENT))) {
            ObjectNode none = Api.JSON.createObjectNode();
            List<String> ours = made.make("lock", warmUp + samples, workloads, none);
            List<String> others = made.make("bare", warmUp + samples, workloads, none);
            try (Started started = cluster.startController(bed)) {
                new Session(bed, watch, bare).run(ours, others, started);
            }
        }
        return ExitCode.OK;
    }

    /** The measurements, on what is set up. */
    private final class Session {
        private final TestBed bed;
        private final NamespaceWatch watch;
        private final LockRequests bare;

        Session(TestBed bed, NamespaceWatch watch, LockRequests bare) {
            this.bed = bed;
            this.watch = watch;
            this.bare = bare;
        }

        void run(List<String> ours, List<String> others, Started started) throws IOException, InterruptedException {
            List<Duration> locks = new ArrayList<>();
            List<Duration> bareLocks = new ArrayList<>();
            Requests before = bed.controllerRequests();
            Requests bareBefore = bed.requests(LockRequests.USER_AGENT);
            bed.progress().begin();
            for (int i = 0; i < ours.size(); i++) {
                if (i == warmUp) {
                    before = bed.controllerRequests();
                    bareBefore = bed.requests(LockRequests.USER_AGENT);
                }
                Duration lock = lock(ours.get(i));
                Duration bareLock = bareLock(others.get(i));
                if (i >= warmUp) {
                    locks.add(lock);
                    bareLocks.add(bareLock);
                }
                bed.progress().update("lock", i, ours.size());
            }
            bed.progress().end("lock", samples + " by each");
            Requests lockRequests = bed.controllerRequests().since(before);
            Requests bareLockRequests = bed.requests(LockRequests.USER_AGENT).since(bareBefore);
            List<String> measured = ours.subList(warmUp, ours.size());
            double notes = notes(measured);
            Requests beforeUnlock = bed.controllerRequests();
            Latencies unlocks = unlock(measured);
            Requests unlockRequests = bed.controllerRequests().since(beforeUnlock);

            List<Figure> figures = new ArrayList<>();
            addLatencies(
                    figures,
                    new Latencies(locks),
                    new Latencies(bareLocks),
                    // A real cluster is as quick as it is.
                    cluster.real() ? null : Goal.LATENCY_P50);
            figures.add(millis("unlock.p50", "unlock, p50", unlocks, 50, null));
            figures.add(millis("unlock.p99", "unlock, p99", unlocks, 99, null));
            if (cluster.counts()) {
                figures.add(requests("lock", "a lock", lockRequests, workloads, Goal.LOCK_REQUESTS));
                figures.add(requests("unlock", "an unlock", unlockRequests, notes, Goal.UNLOCK_REQUESTS));
                figures.add(requests("bare", "the bare client's lock", bareLockRequests, workloads, null));
            }
            Map<String, String> options = new TreeMap<>(Map.of(
                    "namespaces", Long.toString(bed.api().count(Api.NAMESPACES)),
                    "samples", Integer.toString(samples),
                    "warm-up", Integer.toString(warmUp),
                    "workloads", Integer.toString(workloads)));
            cluster.describe(options);
            lab.publish(
                    Run.now(
                            "latency",
                            lab.commit(),
                            options,
                            ProcessStatus.javaFlags(started.process().child().pid()),
                            figures),
                    cluster.results(lab));
        }

        private Duration lock(String name) throws InterruptedException {
            return applied(name, Names.APPLIED_LABEL, Names.APPLIED_LOCKED, () -> {
                bed.api().mergePatch(Api.namespace(name), label(Names.STATUS_LABEL, Names.LOCKED));
                return System.nanoTime();
            });
        }

        private Duration bareLock(String name) throws InterruptedException {
            return applied(name, LockRequests.APPLIED_LABEL, Names.APPLIED_LOCKED, () -> {
                JsonNode labelled =
                        bed.api().mergePatch(Api.namespace(name), label(LockRequests.STATUS_LABEL, Names.LOCKED));
                long acknowledged = System.nanoTime();
                bare.lock(name, Meta.resourceVersion(labelled));
                return acknowledged;
            });
        }

        /** One after the other, without pauses: their cost is counted, their latency only shown. */
        private Latencies unlock(List<String> names) throws InterruptedException {
            List<Duration> unlocks = new ArrayList<>();
            bed.progress().begin();
            for (String name : names) {
                unlocks.add(applied(name, Names.APPLIED_LABEL, null, () -> {
                    bed.api().mergePatch(Api.namespace(name), label(Names.STATUS_LABEL, Names.ACTIVE));
                    return System.nanoTime();
                }));
                bed.progress().update("unlock", unlocks.size(), names.size());
            }
            bed.progress().end("unlock", names.size() + " namespaces");
            return new Latencies(unlocks);
        }

        /** Objects with a note of what they were, a namespace: all that an unlock has to change. */
        private double notes(List<String> names) throws InterruptedException {
            AtomicLong notes = new AtomicLong();
            for (String name : names) {
                for (String kind : List.of("deployments", "replicasets")) {
                    bed.api().list("/apis/apps/v1/namespaces/" + name + "/" + kind, "", workload -> {
                        if (Meta.annotation(workload, Names.ORIGINAL_REPLICAS) != null) {
                            notes.incrementAndGet();
                        }
                    });
                }
            }
            return (double) notes.get() / names.size();
        }

        /** Does something that ends with a label; returns how long after its acknowledgement the watch told of it. */
        private Duration applied(String name, String label, @Nullable String value, Act act)
                throws InterruptedException {
            Arrival arrival = new Arrival(name, label, value);
            watch.listen(arrival);
            long acknowledged = act.run();
            long arrived = arrival.await(TIMEOUT);
            Thread.sleep(PAUSE);
            // The watch can be quicker than the answer to the write itself: then it took no time at all.
            return Duration.ofNanos(Math.max(0, arrived - acknowledged));
        }
    }

    /** Something that is done. */
    @FunctionalInterface
    private interface Act {
        /** Returns when it was acknowledged, as {@link System#nanoTime}. */
        long run() throws InterruptedException;
    }

    private static ObjectNode label(String key, String value) {
        ObjectNode patch = Api.JSON.createObjectNode();
        patch.withObject("/metadata/labels").put(key, value);
        return patch;
    }

    private static void addLatencies(List<Figure> figures, Latencies locks, Latencies bare, @Nullable Goal goal) {
        figures.add(millis("lock.p50", "lock, p50", locks, 50, goal));
        figures.add(millis("lock.p99", "lock, p99", locks, 99, null));
        figures.add(millis("bare.p50", "bare client, p50", bare, 50, null));
        figures.add(millis("bare.p99", "bare client, p99", bare, 99, null));
        figures.add(ratio("ratio.p50", 50, locks, bare, Goal.LATENCY_P50_RATIO));
        figures.add(ratio("ratio.p99", 99, locks, bare, Goal.LATENCY_P99_RATIO));
    }

    private static Figure millis(String key, String name, Latencies latencies, int percent, @Nullable Goal goal) {
        return new Figure(key, name, latencies.percentile(percent).toNanos() / 1e6, "ms", goal);
    }

    private static Figure ratio(String key, int percent, Latencies locks, Latencies bare, Goal goal) {
        double ratio = (double) locks.percentile(percent).toNanos()
                / Math.max(1, bare.percentile(percent).toNanos());
        return new Figure(key, "lock ÷ bare client, p" + percent, ratio, "", goal);
    }

    /** Requests over one for each object that changes; watches that were renewed meanwhile do not belong to it. */
    private Figure requests(String key, String of, Requests requests, double objects, @Nullable Goal goal) {
        long watches = requests.counts().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("watch "))
                .mapToLong(Map.Entry::getValue)
                .sum();
        double each = (double) (requests.withoutEvents() - watches) / samples;
        return new Figure(
                "requests." + key,
                String.format(
                        Locale.ROOT, "requests of %s (%.1f), over one for each of %.1f objects", of, each, objects),
                each - objects,
                "",
                goal);
    }
}
