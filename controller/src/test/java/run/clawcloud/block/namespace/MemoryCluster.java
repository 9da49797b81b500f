package run.clawcloud.block.namespace;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.state.LockQuota;

/**
 * One namespace on a server in memory, as far as the flows look at it. Before each request it does what a test has laid
 * in its way: fail, or have somebody else change something first.
 */
final class MemoryCluster implements Cluster {

    @Override
    public boolean dryRun() {
        return dryRun;
    }

    /** Something that happens just before a request. */
    interface Incident {
        void happen() throws ApiException;
    }

    private record Laid(String call, Incident incident, boolean always) {}

    private final List<Laid> laid = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Workload> workloads = new ConcurrentSkipListMap<>();
    private final Map<String, Pod> pods = new ConcurrentHashMap<>();
    private volatile @Nullable NamespaceView namespace;
    private volatile @Nullable QuotaView quota;
    private long version;
    private boolean dryRun;

    MemoryCluster(ViewBuilder namespace) {
        this.namespace = namespace.build();
        this.version = namespace.build().resourceVersion();
    }

    // What tests lay in the way.

    /** Before the next call that begins with this. */
    void once(String call, Incident incident) {
        laid.add(new Laid(call, incident, false));
    }

    /** Before every call that begins with this. */
    void always(String call, Incident incident) {
        laid.add(new Laid(call, incident, true));
    }

    static Incident refusal(int code, String reason) {
        return () -> {
            throw new ApiException("request", code, reason, "scripted", null);
        };
    }

    /**
     * The request goes on when this thread has come to rest: it waits for the request, or has gone on without it.
     *
     * @param flow not the one that makes the request
     */
    static Incident late(Thread flow) {
        return () -> await().until(() -> flow.getState() != Thread.State.RUNNABLE);
    }

    /** As {@link #late}, and then it is refused. */
    static Incident lateRefusal(Thread flow) {
        return () -> {
            late(flow).happen();
            refusal(500, "InternalError").happen();
        };
    }

    void writeNothing() {
        dryRun = true;
    }

    // What others do.

    synchronized void change(UnaryOperator<ViewBuilder> change) {
        NamespaceView now = namespace;
        if (now != null) {
            namespace = change.apply(new ViewBuilder(now)).at(++version).build();
        }
    }

    void vanish() {
        namespace = null;
    }

    synchronized void put(WorkloadKind kind, String name, int replicas, boolean suspended, @Nullable String note) {
        put(new Workload(kind, "tenant", name, "uid-" + name, "0", replicas, suspended, note, false, false, false));
    }

    synchronized void put(Workload workload) {
        workloads.put(
                workload.kind() + " " + workload.name(),
                new Workload(
                        workload.kind(),
                        workload.namespace(),
                        workload.name(),
                        workload.uid(),
                        Long.toString(++version),
                        workload.replicas(),
                        workload.suspended(),
                        workload.note(),
                        workload.finished(),
                        workload.ofDeployment(),
                        workload.unobserved()));
    }

    void remove(WorkloadKind kind, String name) {
        workloads.remove(kind + " " + name);
    }

    void put(Pod pod) {
        pods.put(pod.name(), pod);
    }

    void put(@Nullable QuotaView standing) {
        quota = standing;
    }

    // What is there.

    NamespaceView view() {
        NamespaceView now = namespace;
        if (now == null) {
            throw new AssertionError("the namespace is gone");
        }
        return now;
    }

    boolean exists() {
        return namespace != null;
    }

    @Nullable
    QuotaView quota() {
        return quota;
    }

    /** {@code replicas}, or {@code suspended}, and the note. */
    String standing(WorkloadKind kind, String name) {
        Workload workload = workloads.get(kind + " " + name);
        if (workload == null) {
            return "gone";
        }
        String knob = kind.knob() == WorkloadKind.Knob.REPLICAS
                ? Integer.toString(workload.replicas())
                : Boolean.toString(workload.suspended());
        return knob + " " + workload.note();
    }

    List<String> pods() {
        return pods.keySet().stream().sorted().toList();
    }

    /** Every request, in the order that they came. */
    List<String> calls() {
        return calls;
    }

    private void request(String call) throws ApiException {
        calls.add(call);
        for (Laid each : List.copyOf(laid)) {
            if (call.startsWith(each.call()) && (each.always() || laid.remove(each))) {
                each.incident().happen();
            }
        }
    }

    // The requests.

    @Override
    public Optional<NamespaceView> namespace(String name) throws ApiException {
        request("get namespace");
        return Optional.ofNullable(namespace);
    }

    @Override
    public Optional<NamespaceView> patchNamespace(String name, NamespacePatch patch) throws ApiException {
        request("patch namespace " + patch.labels() + " " + patch.annotations());
        synchronized (this) {
            NamespaceView now = namespace;
            if (now == null) {
                throw notFound();
            }
            if (now.resourceVersion() != patch.resourceVersion()) {
                throw conflict();
            }
            if (dryRun) {
                return Optional.empty();
            }
            ViewBuilder next = new ViewBuilder(now).at(++version);
            for (Map.Entry<String, @Nullable String> label : patch.labels().entrySet()) {
                next = switch (label.getKey()) {
                    case Names.STATUS_LABEL -> next.status(label.getValue());
                    case Names.APPLIED_LABEL -> next.applied(label.getValue());
                    default -> throw new AssertionError("an unknown label is written: " + label);
                };
            }
            for (Map.Entry<String, @Nullable String> annotation :
                    patch.annotations().entrySet()) {
                next = switch (annotation.getKey()) {
                    case Names.UNLOCK_TIMESTAMP -> next.until(annotation.getValue());
                    case Names.LOCKED_AT -> next.lockedAt(annotation.getValue());
                    default -> throw new AssertionError("an unknown annotation is written: " + annotation);
                };
            }
            namespace = next.build();
            return Optional.of(next.build());
        }
    }

    @Override
    public void deleteNamespace(NamespaceView read) throws ApiException {
        request("delete namespace");
        synchronized (this) {
            NamespaceView now = namespace;
            if (now == null) {
                return;
            }
            if (!now.uid().equals(read.uid()) || now.resourceVersion() != read.resourceVersion()) {
                throw conflict();
            }
            namespace = new ViewBuilder(now).at(++version).terminating().build();
        }
    }

    @Override
    public void createQuota(String name, LockQuota wanted) throws ApiException {
        request("create quota");
        if (quota != null) {
            throw new ApiException("create", 409, "AlreadyExists", "it is there", null);
        }
        if (!dryRun) {
            quota = new QuotaView(name, Names.QUOTA, 1, wanted.hard(), false, true);
        }
    }

    @Override
    public Optional<QuotaView> quota(String name) throws ApiException {
        request("get quota");
        return Optional.ofNullable(quota);
    }

    @Override
    public void repairQuota(QuotaView standing, LockQuota wanted) throws ApiException {
        request("repair quota");
        if (standing.scoped()) {
            throw new ApiException("patch", 422, "Invalid", "scopes are immutable", null);
        }
        quota = new QuotaView(standing.namespace(), Names.QUOTA, 2, wanted.hard(), false, true);
    }

    @Override
    public void deleteQuota(String name) throws ApiException {
        request("delete quota");
        quota = null;
    }

    @Override
    public void listWorkloads(WorkloadKind kind, String name, Consumer<Workload> consumer) throws ApiException {
        request("list " + kind);
        workloads.values().stream().filter(each -> each.kind() == kind).forEach(consumer);
    }

    @Override
    public Optional<Workload> workload(WorkloadKind kind, String inNamespace, String name) throws ApiException {
        request("get " + kind + " " + name);
        return Optional.ofNullable(workloads.get(kind + " " + name));
    }

    @Override
    public void writeWorkload(Workload read, Scaling.Write write) throws ApiException {
        request("write " + read.kind() + " " + read.name());
        synchronized (this) {
            Workload now = workloads.get(read.kind() + " " + read.name());
            if (now == null) {
                throw notFound();
            }
            if (!now.uid().equals(read.uid())) {
                throw new ApiException("patch", 422, "Invalid", "metadata.uid: field is immutable", null);
            }
            if (!write.onlyRemovesNote() && !now.resourceVersion().equals(read.resourceVersion())) {
                throw conflict();
            }
            if (dryRun) {
                return;
            }
            Integer replicas = write.replicas();
            Boolean suspend = write.suspend();
            put(new Workload(
                    now.kind(),
                    now.namespace(),
                    now.name(),
                    now.uid(),
                    now.resourceVersion(),
                    replicas == null ? now.replicas() : replicas,
                    suspend == null ? now.suspended() : suspend,
                    write.note(),
                    now.finished(),
                    now.ofDeployment(),
                    now.unobserved()));
        }
    }

    @Override
    public void listPods(String name, Consumer<Pod> consumer) throws ApiException {
        request("list pods");
        pods.values().forEach(consumer);
    }

    @Override
    public void deletePod(Pod pod) throws ApiException {
        request("delete pod " + pod.name());
        if (!dryRun) {
            pods.remove(pod.name(), pod);
        }
    }

    private static ApiException conflict() {
        return new ApiException("request", 409, "Conflict", "it has changed", null);
    }

    private static ApiException notFound() {
        return new ApiException("request", 404, "NotFound", "it is gone", null);
    }
}
