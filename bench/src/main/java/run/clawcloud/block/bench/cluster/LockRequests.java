package run.clawcloud.block.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Meta;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The requests of one lock, sent by a client that does nothing else: no queue, no state, no decision. They are as
 * parallel as a lock lets them be: it begins with its mark, closes the namespace, for a workload that is scaled up
 * between its list and the quota would go on, changes all workloads side by side, looks at the pods when nothing new
 * can come, and ends with its mark.
 *
 * <p>The labels of the bare client's namespaces are its own, so that the controller leaves them alone. Safe for use by
 * many threads.
 */
public final class LockRequests implements AutoCloseable {
    /** The bare client's, by which a server counts its requests. */
    public static final String USER_AGENT = "bare-client";

    /** What stands for {@link Names#STATUS_LABEL} and {@link Names#APPLIED_LABEL}. */
    public static final String STATUS_LABEL = "bench.clawcloud.run/status";

    public static final String APPLIED_LABEL = "bench.clawcloud.run/applied";

    private static final String MANAGER = "block-controller-bench";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final int PAGE = 50;
    private static final int CONFLICT = 409;

    /** The lists of workloads of a lock. */
    private static final List<String> KINDS = List.of(
            "apis/apps/v1/%s/deployments",
            "apis/apps/v1/%s/statefulsets",
            "apis/apps/v1/%s/replicasets",
            "api/v1/%s/replicationcontrollers",
            "apis/batch/v1/%s/jobs",
            "apis/batch/v1/%s/cronjobs");

    private final Api api;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public LockRequests(Api api) {
        this.api = api;
    }

    /**
     * Locks.
     *
     * @param resourceVersion of the namespace, as the answer to its label told it
     */
    public void lock(String namespace, String resourceVersion) throws InterruptedException {
        ObjectNode begin = mark(resourceVersion, Names.APPLIED_LOCKING);
        begin.withObject("/metadata/annotations")
                .put(
                        "bench.clawcloud.run/unlock-timestamp",
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        JsonNode begun = patch(Api.namespace(namespace), begin);
        closeWithQuota(namespace);
        List<Step> steps = new ArrayList<>();
        KINDS.forEach(kind -> steps.add(() -> takeDown(path(kind, namespace))));
        all(steps);
        list("/api/v1/namespaces/" + namespace + "/pods");
        patch(Api.namespace(namespace), mark(Meta.resourceVersion(begun), Names.APPLIED_LOCKED));
    }

    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }

    private static String path(String kind, String namespace) {
        return "/" + kind.formatted("namespaces/" + namespace);
    }

    private static ObjectNode mark(String resourceVersion, String applied) {
        ObjectNode patch = Api.JSON.createObjectNode();
        patch.withObject("/metadata").put("resourceVersion", resourceVersion);
        patch.withObject("/metadata/labels").put(APPLIED_LABEL, applied);
        return patch;
    }

    private void closeWithQuota(String namespace) throws InterruptedException {
        send("POST", Quota.list(namespace), "application/json", Quota.of(MANAGER));
    }

    private void takeDown(String path) throws InterruptedException {
        List<Step> patches = new ArrayList<>();
        for (JsonNode workload : list(path).path("items")) {
            int replicas = workload.path("spec").path("replicas").asInt(0);
            if (replicas > 0
                    && workload.path("metadata").path("ownerReferences").isEmpty()) {
                patches.add(() -> scaleDown(path, workload, replicas));
            }
        }
        all(patches);
    }

    private void scaleDown(String path, JsonNode workload, int replicas) throws InterruptedException {
        String object = path + "/" + Meta.name(workload);
        HttpResponse<byte[]> answer = exchange("PATCH", object, MERGE_PATCH, scaledDown(workload, replicas));
        // Its status was written in the meantime: it is read and written again, as the controller does.
        if (answer.statusCode() == CONFLICT) {
            answer = exchange("PATCH", object, MERGE_PATCH, scaledDown(read("GET", object), replicas));
        }
        decoded("PATCH", object, answer);
    }

    private static ObjectNode scaledDown(JsonNode workload, int replicas) {
        ObjectNode patch = Api.JSON.createObjectNode();
        ObjectNode metadata = patch.putObject("metadata")
                .put("uid", workload.path("metadata").path("uid").asString(""))
                .put("resourceVersion", Meta.resourceVersion(workload));
        metadata.putObject("annotations").put(Names.ORIGINAL_REPLICAS, Integer.toString(replicas));
        patch.putObject("spec").put("replicas", 0);
        return patch;
    }

    /** One page: more objects are not in a namespace of the bench. */
    private JsonNode list(String path) throws InterruptedException {
        return read("GET", path + "?limit=" + PAGE);
    }

    private JsonNode patch(String path, ObjectNode patch) throws InterruptedException {
        return send("PATCH", path, MERGE_PATCH, patch);
    }

    private JsonNode read(String method, String path) throws InterruptedException {
        return decoded(method, path, exchange(method, path, "", null));
    }

    private JsonNode send(String method, String path, String contentType, ObjectNode body) throws InterruptedException {
        return decoded(method, path, exchange(method, path, contentType, body));
    }

    private HttpResponse<byte[]> exchange(String method, String path, String contentType, @Nullable ObjectNode body)
            throws InterruptedException {
        try {
            return api.exchange(
                    method, path, contentType, body == null ? new byte[0] : Api.JSON.writeValueAsBytes(body));
        } catch (IOException e) {
            throw new HarnessException("the bare client: " + method + " " + path + ": " + e);
        }
    }

    private static JsonNode decoded(String method, String path, HttpResponse<byte[]> answer) {
        if (answer.statusCode() >= 300) {
            throw new HarnessException("the bare client: %s %s: status %d, %s"
                    .formatted(method, path, answer.statusCode(), new String(answer.body(), UTF_8).strip()));
        }
        return Api.JSON.readTree(answer.body());
    }

    /** Does all at once; what there is only one of, at once and here. */
    private void all(List<Step> steps) throws InterruptedException {
        if (steps.size() == 1) {
            steps.getFirst().run();
            return;
        }
        List<Future<?>> running = new ArrayList<>();
        for (Step step : steps) {
            running.add(threads.submit(() -> {
                step.run();
                return null;
            }));
        }
        try {
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
