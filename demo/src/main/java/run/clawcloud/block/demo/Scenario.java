package run.clawcloud.block.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.Latencies;
import run.clawcloud.block.harness.Meta;
import run.clawcloud.block.harness.NamespaceWatch;
import run.clawcloud.block.harness.Parallel;
import run.clawcloud.block.harness.Progress;
import run.clawcloud.block.harness.Requests;
import run.clawcloud.block.harness.Waiting;
import tools.jackson.databind.node.ObjectNode;

/**
 * The sequence of the demo, on a cluster and with a controller that both run: label, copy, lock, check, unlock,
 * compare, let expire, check. What is locked is locked by BlockRequests; what expires, by its label. It ends at the
 * first phase with a check that did not hold: the later ones would only fail for the same reason.
 */
final class Scenario {
    /** How long a lock lasts that is meant to run out: long enough to be locked first. */
    private static final Duration EXPIRY = Duration.ofSeconds(5);

    private final Options options;
    private final Api api;
    private final Progress progress;
    private final Waiting waiting;
    private final Selection selection;
    private final List<LockRequest> blockRequests;

    private final Map<String, Duration> phases = new LinkedHashMap<>();
    private final Map<String, Requests> requests = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final ConcurrentMap<String, Snapshot> copies = new ConcurrentHashMap<>();
    private final AtomicReference<Census> before = new AtomicReference<>(Census.NOTHING);
    private final AtomicInteger notes = new AtomicInteger();
    private Instant lockBegun = Instant.EPOCH;
    private Latencies lockLatencies = new Latencies(List.of());

    Scenario(Options options, Api api, Progress progress, Waiting waiting, Selection selection) {
        this.options = options;
        this.api = api;
        this.progress = progress;
        this.waiting = waiting;
        this.selection = selection;
        this.blockRequests = LockRequest.forAll(selection.lock());
    }

    /** What came of it. */
    record Outcome(
            Map<String, Duration> phases,
            Map<String, Requests> requests,
            Census before,
            int notes,
            Latencies lockLatencies,
            List<LockRequest> blockRequests,
            List<String> failures) {}

    Outcome run() throws InterruptedException {
        try (NamespaceWatch watch = new NamespaceWatch(api, Names.STATUS_LABEL)) {
            phase("label", this::label);
            phase("copy", this::copy);
            counted(Report.LOCK, () -> {
                phase("lock", () -> lock(watch));
                phase("ready", this::awaitReady);
                phase("check", this::checkLocked);
            });
            counted(Report.UNLOCK, () -> {
                phase("unlock", () -> unlock(watch));
                phase("compare", this::compare);
            });
            counted(Report.EXPIRE, () -> phase("expire", () -> expire(watch)));
        }
        return new Outcome(phases, requests, before.get(), notes.get(), lockLatencies, blockRequests, failures);
    }

    /** One phase; returns a few words on what it did. */
    @FunctionalInterface
    private interface Phase {
        String run() throws InterruptedException;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }

    private void phase(String name, Phase phase) throws InterruptedException {
        if (failures.isEmpty()) {
            progress.begin();
            String result = phase.run();
            phases.put(name, progress.end(name, failures.isEmpty() ? result : "FAILED"));
        }
    }

    private void counted(String cause, Step step) throws InterruptedException {
        Requests start = Requests.ofController(api);
        step.run();
        requests.put(cause, Requests.ofController(api).since(start));
    }

    /** What the selector is for. It is set before the copy is made, and so has to be there after the unlock. */
    private String label() throws InterruptedException {
        List<String> selected = blockRequests.stream()
                .filter(LockRequest::bySelector)
                .flatMap(request -> request.namespaces().stream())
                .toList();
        Parallel.forEach(
                selected,
                name -> api.mergePatch(Api.namespace(name), labelPatch(LockRequest.LABEL, LockRequest.LABEL_VALUE)));
        return String.format(
                Locale.ROOT, "%,d namespaces %s=%s", selected.size(), LockRequest.LABEL, LockRequest.LABEL_VALUE);
    }

    private String copy() throws InterruptedException {
        Parallel.forEach(selection.lock(), name -> {
            Content content = Content.read(api, name);
            copies.put(name, Snapshot.of(content));
            before.accumulateAndGet(Census.of(content), Census::plus);
            progress.update("copy", copies.size(), options.lock());
        });
        return String.format(
                Locale.ROOT,
                "%,d namespaces, %,d workloads, %,d pods",
                options.lock(),
                before.get().allWorkloads(),
                before.get().pods());
    }

    private String lock(NamespaceWatch watch) throws InterruptedException {
        ConcurrentMap<String, Long> locked = new ConcurrentHashMap<>();
        Set<String> chosen = Set.copyOf(selection.lock());
        watch.listen(change -> {
            if (chosen.contains(change.name()) && Names.APPLIED_LOCKED.equals(change.applied())) {
                locked.putIfAbsent(change.name(), change.nanos());
            }
        });
        lockBegun = Instant.now();
        Map<String, Long> acknowledged = new HashMap<>();
        for (LockRequest request : blockRequests) {
            request.create(api);
            long nanos = System.nanoTime();
            request.namespaces().forEach(name -> acknowledged.put(name, nanos));
        }
        if (!waiting.until("lock", options.lock(), locked::size)) {
            stuck("was not locked", locked.keySet());
        }
        // The watch can be quicker than the answer to the creation itself: then the lock took no time at all.
        lockLatencies = new Latencies(locked.entrySet().stream()
                .map(entry -> Duration.ofNanos(
                        Math.max(0, entry.getValue() - acknowledged.getOrDefault(entry.getKey(), entry.getValue()))))
                .toList());
        return String.format(
                Locale.ROOT,
                "%,d namespaces, p50 %s, p99 %s",
                locked.size(),
                Progress.seconds(lockLatencies.percentile(50)),
                Progress.seconds(lockLatencies.percentile(99)));
    }

    private String awaitReady() throws InterruptedException {
        Map<String, LockRequest> byKey = new HashMap<>();
        blockRequests.forEach(request -> byKey.put(request.key(), request));
        settle("ready", byKey.keySet(), key -> {
            LockRequest request = Objects.requireNonNull(byKey.get(key));
            return request.problems(api.get(request.path()));
        });
        return blockRequests.size() + " BlockRequests, every count exact";
    }

    private String checkLocked() throws InterruptedException {
        Map<String, LockRequest> holders = new HashMap<>();
        blockRequests.forEach(request -> request.namespaces().forEach(name -> holders.put(name, request)));
        ConcurrentMap<String, Integer> noted = new ConcurrentHashMap<>();
        settle("check", selection.lock(), name -> {
            Content content = Content.read(api, name);
            noted.put(name, Census.notes(content));
            return LockCheck.problems(content, Objects.requireNonNull(holders.get(name)), lockBegun, Instant.now());
        });
        notes.set(noted.values().stream().mapToInt(Integer::intValue).sum());
        return "pods gone, workloads at 0, quota stands, held-by is right";
    }

    private String unlock(NamespaceWatch watch) throws InterruptedException {
        Set<String> open = ConcurrentHashMap.newKeySet();
        Set<String> chosen = Set.copyOf(selection.lock());
        watch.listen(change -> {
            if (chosen.contains(change.name()) && change.applied() == null && !change.gone()) {
                open.add(change.name());
            }
        });
        for (LockRequest request : blockRequests) {
            api.delete(request.path());
        }
        if (!waiting.until("unlock", options.lock(), open::size)) {
            stuck("was not unlocked", open);
        }
        if (!waiting.until("unlock", blockRequests.size(), this::requestsGone)) {
            failures.add("a deleted BlockRequest still has its finalizer");
        }
        return String.format(Locale.ROOT, "%,d namespaces, %d BlockRequests gone", open.size(), blockRequests.size());
    }

    private int requestsGone() throws InterruptedException {
        int gone = 0;
        for (LockRequest request : blockRequests) {
            gone += api.find(request.path()).isEmpty() ? 1 : 0;
        }
        return gone;
    }

    private String compare() throws InterruptedException {
        settle("compare", selection.lock(), name -> {
            Snapshot copy = copies.get(name);
            return copy == null ? List.of(name + " was not copied") : copy.differences(Content.read(api, name));
        });
        return "every object as before, pods are back";
    }

    private String expire(NamespaceWatch watch) throws InterruptedException {
        ConcurrentMap<String, Instant> due = new ConcurrentHashMap<>();
        ConcurrentMap<String, Instant> gone = new ConcurrentHashMap<>();
        watch.listen(change -> {
            if (change.gone()) {
                gone.put(change.name(), Instant.now());
            }
        });
        Parallel.forEach(selection.expire(), name -> {
            // The annotation has whole seconds.
            Instant end = Instant.now().plus(EXPIRY).truncatedTo(ChronoUnit.SECONDS);
            due.put(name, end);
            ObjectNode patch = labelPatch(Names.STATUS_LABEL, Names.LOCKED);
            patch.withObject("/metadata/annotations").put(Names.UNLOCK_TIMESTAMP, end.toString());
            api.mergePatch(Api.namespace(name), patch);
        });
        waiting.until("expire", options.expire(), gone::size);
        gone.forEach((name, when) -> {
            if (when.isBefore(due.getOrDefault(name, Instant.MIN))) {
                failures.add("Namespace %s was gone at %s, before its time".formatted(name, when));
            }
        });
        Map<String, String> now = new TreeMap<>();
        api.list(Api.NAMESPACES, "", object -> now.put(Meta.name(object), Meta.resourceVersion(object)));
        failures.addAll(selection.problems(now));
        return String.format(Locale.ROOT, "%,d namespaces deleted, and no other", gone.size());
    }

    private static ObjectNode labelPatch(String label, String value) {
        ObjectNode patch = Api.JSON.createObjectNode();
        patch.withObject("/metadata/labels").put(label, value);
        return patch;
    }

    private void settle(String phase, Collection<String> what, Waiting.Check check) throws InterruptedException {
        waiting.settle(phase, what, check).values().forEach(failures::addAll);
    }

    /** Notes the namespaces that did not get to where they should, with what the controller has done to them so far. */
    private void stuck(String what, Set<String> arrived) throws InterruptedException {
        for (String name : selection.lock()) {
            if (!arrived.contains(name)) {
                failures.add("Namespace %s %s: label %s is %s"
                        .formatted(
                                name,
                                what,
                                Names.APPLIED_LABEL,
                                Meta.label(api.get(Api.namespace(name)), Names.APPLIED_LABEL)));
            }
        }
    }
}
