package run.clawcloud.block.kubesim;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import run.clawcloud.block.kubesim.api.Access;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.crd.Definitions;
import run.clawcloud.block.kubesim.http.ApiServer;
import run.clawcloud.block.kubesim.http.Faults;
import run.clawcloud.block.kubesim.http.RequestCounters;
import run.clawcloud.block.kubesim.kubelet.Kubelet;
import run.clawcloud.block.kubesim.kubelet.PodStatus;
import run.clawcloud.block.kubesim.seed.TenantSeed;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.Snapshot;
import run.clawcloud.block.kubesim.store.Store;
import tools.jackson.databind.node.ObjectNode;

/**
 * A simulated cluster that runs: the composition root. A test embeds it:
 *
 * <pre>{@code
 * try (KubeSim cluster = KubeSim.start(SimOptions.defaults())) {
 *     connect(cluster.url());                      // or cluster.kubeconfig()
 *     cluster.faults().set(1, List.of(Fault.of(Fault.Effect.CONFLICT).on("patch", "namespaces").times(3)));
 *     assertThat(cluster.requests().count("list", "pods")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class KubeSim implements AutoCloseable {

    private static final Caller APISERVER = new Caller("kube-apiserver");
    private static final List<String> SYSTEM_NAMESPACES =
            List.of("default", "kube-node-lease", "kube-public", "kube-system");

    /** Seeded objects are this old. */
    private static final Duration SEED_AGE = Duration.ofDays(30);

    private final Store store;
    private final ClusterApi api;
    private final Access access = new Access();
    private final Faults faults = new Faults();
    private final RequestCounters requests = new RequestCounters();
    private final List<Controllers.Running> running = new ArrayList<>();
    private final Kubelet kubelet;
    private final Definitions definitions;
    private final ApiServer server;

    private KubeSim(SimOptions options) {
        TenantSeed seed = new TenantSeed(
                options.tenants(),
                options.seed(),
                options.time().instant().minus(SEED_AGE).truncatedTo(ChronoUnit.SECONDS));
        store = new Store(seed, options.history());
        api = new ClusterApi(store, options.time());
        seed.namespaceObjects().forEach(store::load);
        definitions = new Definitions(api, options.time());
        createSystem(options);
        options.crds().forEach(definitions::install);
        kubelet = new Kubelet(api, options.time(), options.podStartDelay());
        options.controllers().forEach(controllers -> running.add(controllers.start(api)));
        server = new ApiServer(
                options.port(), api, access, requests, faults, options.time(), options.bookmarkInterval());
    }

    /**
     * Starts a cluster; it is ready when this returns.
     *
     * @throws java.io.UncheckedIOException caused by a {@link java.net.BindException} when the port is taken
     */
    public static KubeSim start(SimOptions options) {
        return new KubeSim(options);
    }

    private void createSystem(SimOptions options) {
        for (String name : SYSTEM_NAMESPACES) {
            api.create(Kinds.NAMESPACES, "", named(name), APISERVER);
        }
        ObjectNode node = named(PodStatus.NODE);
        Json.child(node, "metadata").putObject("labels").put("kubernetes.io/hostname", PodStatus.NODE);
        api.create(Kinds.NODES, "", node, PodStatus.KUBELET);
        String now = options.time().instant().truncatedTo(ChronoUnit.SECONDS).toString();
        api.modify(Kinds.NODES, "", PodStatus.NODE, Subresource.STATUS, PodStatus.KUBELET, current -> {
            ObjectNode status = current.putObject("status");
            status.putArray("conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", "True")
                    .put("reason", "KubeletReady")
                    .put("message", "kubelet is posting ready status")
                    .put("lastHeartbeatTime", now)
                    .put("lastTransitionTime", now);
            status.putObject("nodeInfo").put("kubeletVersion", "v1.32.0+kubesim");
            return current;
        });
    }

    private static ObjectNode named(String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", name);
        return object;
    }

    /** {@code http://127.0.0.1:PORT}. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** A kubeconfig for this cluster, as YAML; its one context is {@code kubesim}. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: kubesim
                  cluster:
                    server: %s
                users:
                - name: kubesim
                  user: {}
                contexts:
                - name: kubesim
                  context:
                    cluster: kubesim
                    user: kubesim
                    namespace: default
                current-context: kubesim
                """.formatted(url());
    }

    /** The API without HTTP: not counted, not struck by faults. */
    public ClusterApi api() {
        return api;
    }

    /** What reviews of tokens and of access are answered. */
    public Access access() {
        return access;
    }

    /** What goes wrong. */
    public Faults faults() {
        return faults;
    }

    /** What was asked over HTTP. */
    public RequestCounters requests() {
        return requests;
    }

    /** Forgets all events: watches and lists that go back further than now are answered with 410. */
    public void compact() {
        store.compact();
    }

    /** What stands in the cluster now, as in a backup of etcd. */
    public Snapshot snapshot() {
        return store.snapshot();
    }

    /**
     * Goes back in time, as a cluster does whose etcd is restored from a backup: objects are what they were, and so is
     * the resourceVersion. All watches end, and requests under way that were not carried out never are. Who asks then
     * for a resourceVersion that is yet to come is answered as by kube-apiserver: a list fails, a watch is silent until
     * the cluster gets there.
     */
    public void restore(Snapshot snapshot) {
        server.restore(snapshot);
    }

    @Override
    public void close() {
        server.close();
        running.forEach(Controllers.Running::close);
        definitions.close();
        kubelet.close();
    }
}
