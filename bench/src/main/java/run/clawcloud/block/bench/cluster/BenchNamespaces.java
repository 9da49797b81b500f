package run.clawcloud.block.bench.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.Parallel;
import run.clawcloud.block.harness.Progress;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Namespaces that the bench makes. From a real cluster they are removed again; each has a label that says whose it is.
 */
public final class BenchNamespaces implements AutoCloseable {
    /** On every namespace that the bench makes; its value is the run. */
    public static final String RUN_LABEL = "bench.clawcloud.run/run";

    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final int POLLS_WITHOUT_MOVE = 5;

    private final Api api;
    private final Progress progress;
    private final String run;
    /** An embedded cluster takes them along when it ends. */
    private final boolean removes;

    private final Thread removeAtExit;
    private final Collection<String> made = new ConcurrentLinkedQueue<>();

    /**
     * Makes none yet.
     *
     * @param run of 1 to 20 letters and digits; one that nobody else uses on this cluster
     */
    BenchNamespaces(Api api, Progress progress, String run, boolean removes) {
        this.api = api;
        this.progress = progress;
        this.run = run;
        this.removes = removes;
        this.removeAtExit = new Thread(this::remove, "remove-namespaces");
        if (removes) {
            Runtime.getRuntime().addShutdownHook(removeAtExit);
        }
    }

    /** Of all namespaces that are made here. */
    public String selector() {
        return RUN_LABEL + "=" + run;
    }

    /**
     * Makes namespaces and waits until their pods are there.
     *
     * @param set told apart from other sets by this
     * @param deployments in each, of one pod
     * @param labels further ones of each namespace
     * @return their names
     */
    public List<String> make(String set, int count, int deployments, ObjectNode labels) throws InterruptedException {
        List<String> names = names(set, count);
        each(names, "make namespaces", name -> {
            make(name, labels, Api.JSON.createObjectNode());
            for (int i = 0; i < deployments; i++) {
                api.create("/apis/apps/v1/namespaces/" + name + "/deployments", deployment("work-" + i));
            }
        });
        if (deployments > 0) {
            awaitPods(names, deployments);
        }
        progress.end("make namespaces", count + " with " + deployments + " Deployments each");
        return names;
    }

    /**
     * Makes a namespace with pods that nothing controls.
     *
     * @return its name
     */
    public String makePods(String set, int count) throws InterruptedException {
        String name = names(set, 1).getFirst();
        make(name, Api.JSON.createObjectNode(), Api.JSON.createObjectNode());
        each(IntStream.range(0, count).boxed().toList(), "make pods", i -> {
            ObjectNode pod = Api.JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
            pod.putObject("metadata").put("name", "pod-" + i);
            pod.putObject("spec").set("containers", containers());
            api.create("/api/v1/namespaces/" + name + "/pods", pod);
        });
        progress.end("make pods", Integer.toString(count));
        return name;
    }

    /** Makes namespaces as a lock leaves them that runs out in a year, with nothing in them. */
    public void makeLocked(String set, int count) throws InterruptedException {
        ObjectNode labels = Api.JSON
                .createObjectNode()
                .put(Names.STATUS_LABEL, Names.LOCKED)
                .put(Names.APPLIED_LABEL, Names.APPLIED_LOCKED);
        String end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(YEAR).toString();
        ObjectNode annotations = Api.JSON.createObjectNode().put(Names.UNLOCK_TIMESTAMP, end);
        each(names(set, count), "make locked namespaces", name -> {
            make(name, labels, annotations);
            api.create(Quota.list(name), Quota.of(Names.MANAGED_BY));
        });
        progress.end("make locked namespaces", Integer.toString(count));
    }

    /** Makes one more, with a status and nothing in it; returns its name. */
    public String add(String suffix, String status) throws InterruptedException {
        String name = name(suffix);
        made.add(name);
        make(name, Api.JSON.createObjectNode().put(Names.STATUS_LABEL, status), Api.JSON.createObjectNode());
        return name;
    }

    private String name(String suffix) {
        return "block-bench-" + run + "-" + suffix;
    }

    private List<String> names(String set, int count) {
        List<String> names = IntStream.range(0, count)
                .mapToObj(i -> String.format(Locale.ROOT, "%s-%06d", name(set), i))
                .toList();
        made.addAll(names);
        return names;
    }

    private <T> void each(Collection<T> names, String phase, Parallel.Step<T> step) throws InterruptedException {
        progress.begin();
        AtomicInteger done = new AtomicInteger();
        Parallel.forEach(names, name -> {
            step.accept(name);
            progress.update(phase, done.incrementAndGet(), names.size());
        });
    }

    private void make(String name, ObjectNode labels, ObjectNode annotations) throws InterruptedException {
        ObjectNode namespace =
                Api.JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Namespace");
        ObjectNode metadata = namespace.putObject("metadata").put("name", name);
        metadata.set("labels", labels.deepCopy().put(RUN_LABEL, run));
        metadata.set("annotations", annotations.deepCopy());
        api.create(Api.NAMESPACES, namespace);
    }

    private ObjectNode deployment(String name) {
        ObjectNode deployment =
                Api.JSON.createObjectNode().put("apiVersion", "apps/v1").put("kind", "Deployment");
        deployment.putObject("metadata").put("name", name);
        ObjectNode spec = deployment.putObject("spec").put("replicas", 1);
        spec.withObject("/selector/matchLabels").put("app", name);
        spec.withObject("/template/metadata/labels").put("app", name).put(RUN_LABEL, run);
        spec.withObject("/template/spec").set("containers", containers());
        return deployment;
    }

    private static ArrayNode containers() {
        ArrayNode containers = Api.JSON.createArrayNode();
        containers.addObject().put("name", "main").put("image", "nothing.invalid/pause:1");
        return containers;
    }

    /** A cluster without a controller manager makes no pods: then it goes on without. */
    private void awaitPods(List<String> names, int deployments) throws InterruptedException {
        String last = names.getLast();
        int still = 0;
        long before = -1;
        while (still < POLLS_WITHOUT_MOVE) {
            long now = api.count("/api/v1/pods");
            long ofLast = api.count("/api/v1/namespaces/" + last + "/pods");
            if (now == before) {
                if (ofLast >= deployments) {
                    return;
                }
                still++;
            } else {
                still = 0;
            }
            before = now;
            Thread.sleep(SETTLING);
        }
    }

    private void remove() {
        try {
            each(made, "remove namespaces", name -> api.delete(Api.namespace(name)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes all that was made here, if it is to be removed. */
    @Override
    public void close() {
        if (removes) {
            remove();
            try {
                Runtime.getRuntime().removeShutdownHook(removeAtExit);
            } catch (IllegalStateException e) {
                // The JVM is on its way out already: the hook does the same.
            }
        }
    }
}
