package run.clawcloud.block.request;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.Cluster;
import run.clawcloud.block.namespace.NamespacePatch;
import run.clawcloud.block.namespace.Pod;
import run.clawcloud.block.namespace.Scaling;
import run.clawcloud.block.namespace.Workload;
import run.clawcloud.block.namespace.WorkloadKind;
import run.clawcloud.block.request.World.Load;
import run.clawcloud.block.request.World.Quota;
import run.clawcloud.block.request.World.Told;
import run.clawcloud.block.request.World.ToldRequest;
import run.clawcloud.block.state.LockQuota;

/**
 * The API server of a {@link World}, with one disturbance at most. Requests of one flow may come at once; what becomes
 * of each does not depend on their order, so that the same disturbance ends in the same world.
 */
final class WorldServer implements Cluster, RequestCluster {

    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");

    /** What happens at one request. */
    enum Fault {
        CRASH_BEFORE,
        CRASH_AFTER,
        REFUSED,
        /** It takes effect, and no answer comes. */
        LOST,
        /** Just before, somebody turns the label over. */
        FLIPPED,
        /** Just before, somebody deletes the quota. */
        UNGUARDED,
        /** Just before, somebody scales the workload that is written. */
        SCALED
    }

    /** @param step the request, and which one of its kind */
    record Disturbance(String step, Fault fault) {
        private boolean crashes() {
            return fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_AFTER;
        }
    }

    int day;
    NamespaceView namespace;
    NamespaceView before;
    Quota quota;
    final List<Load> loads;
    final List<Told> told;
    boolean quotaTold;
    boolean quotaMissed;
    final List<BlockRequestView> requests;
    final List<ToldRequest> requestsTold;

    private final @Nullable Disturbance disturbance;
    private final SequencedSet<String> asked = new TreeSet<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private boolean crashed;
    private @Nullable String wrong;

    WorldServer(World world, @Nullable Disturbance disturbance) {
        day = world.day();
        namespace = world.namespace();
        before = world.before();
        quota = world.quota();
        loads = new ArrayList<>(world.loads());
        told = new ArrayList<>(world.told());
        quotaTold = world.quotaTold();
        quotaMissed = world.quotaMissed();
        requests = new ArrayList<>(world.requests());
        requestsTold = new ArrayList<>(world.requestsTold());
        this.disturbance = disturbance;
    }

    Instant now() {
        return BEGIN.plus(Duration.ofDays(day));
    }

    /** Every request that came, each with its number among those of its kind. */
    SequencedSet<String> asked() {
        return asked;
    }

    boolean crashed() {
        return crashed;
    }

    /** What must never happen, and has. */
    Optional<String> wrong() {
        return Optional.ofNullable(wrong);
    }

    /** Whether the namespace counts as locked, and is not closed. */
    boolean drifted() {
        return Names.APPLIED_LOCKED.equals(namespace.applied()) && quota != Quota.RIGHT;
    }

    // What people do.

    void label(@Nullable String status) {
        put(new ViewBuilder(namespace).status(status));
    }

    /** Somebody wants more replicas, or the Job to run. */
    void scale(int load) {
        Load now = loads.get(load);
        int level = now.kind().knob() == WorkloadKind.Knob.REPLICAS ? 5 : 1;
        put(load, new Load(now.kind(), now.name(), level, now.note(), level));
    }

    /** Somebody corrects what is noted. */
    void editNote(int load, int level) {
        Load now = loads.get(load);
        put(load, new Load(now.kind(), now.name(), now.level(), Load.note(now.kind(), level), level));
    }

    void leaveQuota(Quota as) {
        quotaTold |= quota != as;
        quota = as;
    }

    void put(BlockRequestView view) {
        requests.removeIf(each -> each.key().equals(view.key()));
        boolean gone = view.deleting() && view.finalizers().isEmpty();
        if (!gone) {
            requests.add(view);
            requests.sort((one, other) -> one.key().compareTo(other.key()));
        }
        requestsTold.add(new ToldRequest(gone, view));
    }

    private void put(ViewBuilder changed) {
        NamespaceView was = namespace;
        if (changed.at(was.resourceVersion()).build().equals(was)) {
            return;
        }
        before = was;
        namespace = changed.at(was.resourceVersion() + 1).build();
        if (namespace.status() != null) {
            told.add(new Told(false, namespace));
        } else if (was.status() != null) {
            told.add(new Told(
                    true, new ViewBuilder(was).at(namespace.resourceVersion()).build()));
        }
    }

    private void put(int load, Load changed) {
        loads.set(load, changed);
        versions.merge(changed.name(), 1, Integer::sum);
    }

    // Disturbances.

    private interface Effect<T> {
        T happen() throws ApiException;
    }

    private synchronized <T> T request(String kind, Effect<T> effect) throws ApiException {
        String step = kind + " " + counts.merge(kind, 1, Integer::sum);
        asked.add(step);
        Disturbance laid = disturbance;
        if (laid == null || !laid.step().equals(step)) {
            if (isDead(step)) {
                throw noAnswer();
            }
            return effect.happen();
        }
        switch (laid.fault()) {
            case CRASH_BEFORE -> crash();
            case REFUSED -> throw new ApiException(kind, 500, "InternalError", "scripted", null);
            case FLIPPED -> label(Names.LOCKED.equals(namespace.status()) ? Names.ACTIVE : Names.LOCKED);
            case UNGUARDED -> leaveQuota(Quota.MISSING);
            case SCALED -> scale(numberOf(kind));
            case CRASH_AFTER, LOST -> {}
        }
        T answer = effect.happen();
        if (laid.fault() == Fault.CRASH_AFTER) {
            crash();
        }
        if (laid.fault() == Fault.LOST) {
            throw noAnswer();
        }
        return answer;
    }

    private static int numberOf(String name) {
        return Integer.parseInt(name.substring(name.length() - 1));
    }

    private void crash() throws ApiException {
        crashed = true;
        throw noAnswer();
    }

    /** Of two writes at once, those of lower number count as made before a crash, those of higher number as not. */
    private boolean isDead(String step) {
        Disturbance laid = disturbance;
        if (laid != null
                && laid.crashes()
                && step.startsWith("write")
                && laid.step().startsWith("write")) {
            return step.compareTo(laid.step()) > 0;
        }
        return crashed;
    }

    private static ApiException noAnswer() {
        return new ApiException("request", new IOException("scripted"));
    }

    private static ApiException refusal(int code, String reason) {
        return new ApiException("request", code, reason, "scripted", null);
    }

    // Namespaces.

    @Override
    public boolean dryRun() {
        return false;
    }

    @Override
    public Optional<NamespaceView> namespace(String name) throws ApiException {
        return request("get namespace", () -> Optional.of(namespace));
    }

    @Override
    public Optional<NamespaceView> patchNamespace(String name, NamespacePatch patch) throws ApiException {
        return request("patch namespace", () -> {
            if (patch.resourceVersion() != namespace.resourceVersion()) {
                throw refusal(409, "Conflict");
            }
            ViewBuilder next = new ViewBuilder(namespace);
            for (var each : patch.labels().entrySet()) {
                next = each.getKey().equals(Names.STATUS_LABEL)
                        ? next.status(each.getValue())
                        : next.applied(each.getValue());
            }
            for (var each : patch.annotations().entrySet()) {
                next = annotated(next, each.getKey(), each.getValue());
            }
            put(next);
            return Optional.of(namespace);
        });
    }

    private static ViewBuilder annotated(ViewBuilder view, String key, @Nullable String value) {
        return switch (key) {
            case Names.UNLOCK_TIMESTAMP -> view.until(value);
            case Names.LOCKED_AT -> view.lockedAt(value);
            case Names.HELD_BY -> view.heldBy(value);
            default -> throw new AssertionError("an annotation that no request here asks for: " + key);
        };
    }

    @Override
    public void deleteNamespace(NamespaceView read) throws ApiException {
        request("delete namespace", () -> {
            if (read.resourceVersion() != namespace.resourceVersion()) {
                throw refusal(409, "Conflict");
            }
            String until = namespace.unlockTimestamp();
            if (!Names.LOCKED.equals(namespace.status()) || until == null || now().isBefore(Instant.parse(until))) {
                wrong = "deleted: " + namespace;
            }
            put(new ViewBuilder(namespace).terminating());
            return true;
        });
    }

    // Quotas.

    @Override
    public void createQuota(String inNamespace, LockQuota wanted) throws ApiException {
        request("create quota", () -> {
            if (namespace.terminating()) {
                throw refusal(403, "Forbidden");
            }
            if (quota != Quota.MISSING) {
                throw refusal(409, "AlreadyExists");
            }
            quota = Quota.RIGHT;
            return true;
        });
    }

    @Override
    public Optional<QuotaView> quota(String inNamespace) throws ApiException {
        return request("get quota", () -> switch (quota) {
            case MISSING -> Optional.empty();
            case ALTERED -> Optional.of(new QuotaView(inNamespace, Names.QUOTA, 1, Map.of("pods", "9"), false, true));
            case RIGHT ->
                Optional.of(new QuotaView(
                        inNamespace, Names.QUOTA, 1, LockQuota.of(false).hard(), false, true));
        });
    }

    @Override
    public void repairQuota(QuotaView standing, LockQuota wanted) throws ApiException {
        request("repair quota", () -> quota = quota == Quota.MISSING ? missing() : Quota.RIGHT);
    }

    private static Quota missing() throws ApiException {
        throw refusal(404, "NotFound");
    }

    @Override
    public void deleteQuota(String inNamespace) throws ApiException {
        request("delete quota", () -> {
            leaveQuota(Quota.MISSING);
            return true;
        });
    }

    // Workloads.

    @Override
    public void listWorkloads(WorkloadKind kind, String inNamespace, Consumer<Workload> consumer) throws ApiException {
        if (loads.stream().anyMatch(each -> each.kind() == kind)) {
            request("list " + kind, () -> List.copyOf(loads)).stream()
                    .filter(each -> each.kind() == kind)
                    .map(this::workload)
                    .forEach(consumer);
        }
    }

    @Override
    public Optional<Workload> workload(WorkloadKind kind, String inNamespace, String name) throws ApiException {
        return request(
                "get " + name,
                () -> loads.stream()
                        .filter(each -> each.name().equals(name))
                        .map(this::workload)
                        .findFirst());
    }

    private synchronized Workload workload(Load load) {
        boolean scales = load.kind().knob() == WorkloadKind.Knob.REPLICAS;
        String version = Integer.toString(versions.getOrDefault(load.name(), 0));
        return new Workload(
                load.kind(),
                World.NAMESPACE,
                load.name(),
                "uid",
                version,
                scales ? load.level() : 1,
                !scales && load.level() == 0,
                load.note(),
                false,
                false,
                false);
    }

    @Override
    public void writeWorkload(Workload read, Scaling.Write write) throws ApiException {
        request("write " + read.name(), () -> {
            int load = numberOf(read.name());
            Load now = loads.get(load);
            if (!write.onlyRemovesNote()
                    && !read.resourceVersion().equals(Integer.toString(versions.getOrDefault(now.name(), 0)))) {
                throw refusal(409, "Conflict");
            }
            Integer replicas = write.replicas();
            Boolean suspend = write.suspend();
            int level = replicas != null ? replicas : suspend == null ? now.level() : suspend ? 0 : 1;
            put(load, new Load(now.kind(), now.name(), level, write.note(), now.due()));
            return true;
        });
    }

    @Override
    public void listPods(String inNamespace, Consumer<Pod> consumer) {
        // There are none that nothing else takes down.
    }

    @Override
    public void deletePod(Pod pod) {
        throw new AssertionError("there are no pods");
    }

    // BlockRequests.

    @Override
    public Optional<BlockRequestView> request(String inNamespace, String name) throws ApiException {
        return request("get request", () -> find(name));
    }

    private Optional<BlockRequestView> find(String name) {
        return requests.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    private BlockRequestView found(BlockRequestView seen) throws ApiException {
        BlockRequestView now = find(seen.name()).orElseThrow(() -> refusal(404, "NotFound"));
        if (!now.uid().equals(seen.uid())) {
            throw refusal(422, "Invalid");
        }
        return now;
    }

    @Override
    public Optional<BlockRequestView> writeFinalizers(BlockRequestView seen, List<String> finalizers)
            throws ApiException {
        return request("patch request", () -> {
            BlockRequestView now = found(seen);
            if (now.resourceVersion() != seen.resourceVersion()) {
                throw refusal(409, "Conflict");
            }
            BlockRequestView after = at(
                    new RequestBuilder(now)
                            .finalizers(finalizers.toArray(String[]::new))
                            .view(),
                    now.resourceVersion() + 1);
            put(after);
            return Optional.of(after);
        });
    }

    @Override
    public Optional<BlockRequestView> writeStatus(BlockRequestView seen, BlockRequestStatus status)
            throws ApiException {
        return request("patch status", () -> {
            BlockRequestView now = found(seen);
            if (!now.status().equals(status)) {
                put(at(new RequestBuilder(now).status(status).view(), now.resourceVersion() + 1));
            }
            return find(seen.name());
        });
    }

    static BlockRequestView at(BlockRequestView view, long resourceVersion) {
        return new BlockRequestView(
                view.namespace(),
                view.name(),
                view.uid(),
                resourceVersion,
                view.generation(),
                view.deleting(),
                view.finalizers(),
                view.spec(),
                view.status());
    }
}
