package run.clawcloud.block.request;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.namespace.Cluster;
import run.clawcloud.block.namespace.NamespacePatch;
import run.clawcloud.block.namespace.Pod;
import run.clawcloud.block.namespace.Scaling;
import run.clawcloud.block.namespace.Workload;
import run.clawcloud.block.namespace.WorkloadKind;
import run.clawcloud.block.state.LockQuota;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** The namespaces of a server in memory: labels, annotations and versions, read and written as the cluster does it. */
final class NamespaceServer implements Cluster {

    /** A namespace as it is stored. */
    record Stored(
            String name,
            String uid,
            long resourceVersion,
            boolean terminating,
            Map<String, String> labels,
            Map<String, String> annotations) {

        /** What is read of it while these selectors are known. */
        NamespaceView view(Selectors selectors) {
            return read(new NamespaceReading(() -> selectors)).view();
        }

        /** Has it read, and gives that reading back. */
        NamespaceReading read(NamespaceReading reading) {
            byte[] document = Json.write(this::write).getBytes(StandardCharsets.UTF_8);
            try (JsonParser parser = Json.parser(document)) {
                parser.nextToken();
                return reading.read(parser);
            }
        }

        private void write(JsonGenerator json) {
            json.writeStartObject();
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("name", name);
            json.writeStringProperty("uid", uid);
            json.writeStringProperty("resourceVersion", Long.toString(resourceVersion));
            if (terminating) {
                json.writeStringProperty("deletionTimestamp", "2030-01-01T00:00:00Z");
            }
            write(json, "labels", labels);
            write(json, "annotations", annotations);
            json.writeEndObject();
            json.writeEndObject();
        }

        private static void write(JsonGenerator json, String field, Map<String, String> map) {
            json.writeObjectPropertyStart(field);
            map.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
    }

    /** Something that happens just before a request. */
    interface Incident {
        void happen() throws ApiException;
    }

    private final Map<String, Stored> namespaces = new TreeMap<>();
    private final List<String> calls = new ArrayList<>();
    private final Map<String, List<Incident>> incidents = new HashMap<>();
    private Consumer<Stored> written = _ -> {};
    private Selectors selectors = Selectors.NONE;
    private long version = 10;
    private int uids;
    private boolean dryRun;

    /** Reads are held against these from now on. */
    void selectors(Selectors those) {
        selectors = those;
    }

    void writeNothing() {
        dryRun = true;
    }

    /** Called with every namespace that is made or changed. */
    void onWrite(Consumer<Stored> told) {
        written = told;
    }

    /** Before the next request of this kind, {@code get} or {@code patch}; those that are laid later come later. */
    void once(String call, Incident incident) {
        incidents.computeIfAbsent(call, _ -> new ArrayList<>()).add(incident);
    }

    static Incident refusal(int code, String reason) {
        return () -> {
            throw new ApiException("request", code, reason, "scripted", null);
        };
    }

    /** Every request since the last time that they were taken: {@code get a}, {@code patch a}. */
    List<String> takeCalls() {
        List<String> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    // What people do.

    Stored create(String name, Map<String, String> labels) {
        return put(new Stored(name, "uid-" + uids++, ++version, false, Map.copyOf(labels), Map.of()));
    }

    /** Sets a label, or removes it with null. */
    void label(String name, String key, @Nullable String value) {
        Stored now = stored(name);
        put(new Stored(
                name, now.uid(), ++version, now.terminating(), with(now.labels(), key, value), now.annotations()));
    }

    /** Sets an annotation, or removes it with null. */
    void annotate(String name, String key, @Nullable String value) {
        Stored now = stored(name);
        put(new Stored(
                name, now.uid(), ++version, now.terminating(), now.labels(), with(now.annotations(), key, value)));
    }

    void terminate(String name) {
        Stored now = stored(name);
        put(new Stored(name, now.uid(), ++version, true, now.labels(), now.annotations()));
    }

    /** What it was, at the version of its end; empty when it is not there. */
    Optional<Stored> remove(String name) {
        return Optional.ofNullable(namespaces.remove(name))
                .map(was -> new Stored(name, was.uid(), ++version, was.terminating(), was.labels(), was.annotations()));
    }

    // What is there.

    long version() {
        return version;
    }

    boolean exists(String name) {
        return namespaces.containsKey(name);
    }

    Stored stored(String name) {
        return Optional.ofNullable(namespaces.get(name))
                .orElseThrow(() -> new AssertionError("there is no namespace " + name));
    }

    List<Stored> all() {
        return List.copyOf(namespaces.values());
    }

    NamespaceView view(String name) {
        return stored(name).view(selectors);
    }

    private Stored put(Stored next) {
        namespaces.put(next.name(), next);
        written.accept(next);
        return next;
    }

    private static Map<String, String> with(Map<String, String> map, String key, @Nullable String value) {
        Map<String, String> next = new TreeMap<>(map);
        if (value == null) {
            next.remove(key);
        } else {
            next.put(key, value);
        }
        return next;
    }

    private void request(String call, String name) throws ApiException {
        calls.add(call + " " + name);
        List<Incident> laid = incidents.getOrDefault(call, List.of());
        if (!laid.isEmpty()) {
            laid.removeFirst().happen();
        }
    }

    // The requests.

    @Override
    public boolean dryRun() {
        return dryRun;
    }

    @Override
    public Optional<NamespaceView> namespace(String name) throws ApiException {
        request("get", name);
        return Optional.ofNullable(namespaces.get(name)).map(stored -> stored.view(selectors));
    }

    @Override
    public Optional<NamespaceView> patchNamespace(String name, NamespacePatch patch) throws ApiException {
        request("patch", name);
        Stored now = namespaces.get(name);
        if (now == null) {
            throw new ApiException("patch", 404, "NotFound", "it is gone", null);
        }
        if (now.resourceVersion() != patch.resourceVersion()) {
            throw new ApiException("patch", 409, "Conflict", "it has changed", null);
        }
        if (dryRun) {
            return Optional.empty();
        }
        return Optional.of(put(patched(now, patch, ++version)).view(selectors));
    }

    /** A namespace after a write. */
    static Stored patched(Stored before, NamespacePatch patch, long version) {
        Map<String, String> labels = new TreeMap<>(before.labels());
        Map<String, String> annotations = new TreeMap<>(before.annotations());
        merge(labels, patch.labels());
        merge(annotations, patch.annotations());
        return new Stored(before.name(), before.uid(), version, before.terminating(), labels, annotations);
    }

    private static void merge(Map<String, String> into, Map<String, @Nullable String> changes) {
        for (Map.Entry<String, @Nullable String> each : changes.entrySet()) {
            String value = each.getValue();
            if (value == null) {
                into.remove(each.getKey());
            } else {
                into.put(each.getKey(), value);
            }
        }
    }

    @Override
    public void deleteNamespace(NamespaceView namespace) {
        throw unasked();
    }

    @Override
    public void createQuota(String namespace, LockQuota quota) {
        throw unasked();
    }

    @Override
    public Optional<QuotaView> quota(String namespace) {
        throw unasked();
    }

    @Override
    public void repairQuota(QuotaView standing, LockQuota quota) {
        throw unasked();
    }

    @Override
    public void deleteQuota(String namespace) {
        throw unasked();
    }

    @Override
    public void listWorkloads(WorkloadKind kind, String namespace, Consumer<Workload> consumer) {
        throw unasked();
    }

    @Override
    public Optional<Workload> workload(WorkloadKind kind, String namespace, String name) {
        throw unasked();
    }

    @Override
    public void writeWorkload(Workload workload, Scaling.Write write) {
        throw unasked();
    }

    @Override
    public void listPods(String namespace, Consumer<Pod> consumer) {
        throw unasked();
    }

    @Override
    public void deletePod(Pod pod) {
        throw unasked();
    }

    private static AssertionError unasked() {
        return new AssertionError("BlockRequests write nothing but namespaces");
    }
}
