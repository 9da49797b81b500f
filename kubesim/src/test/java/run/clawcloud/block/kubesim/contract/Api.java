package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.controllers.ControllerManager;
import run.clawcloud.block.kubesim.controllers.ControllerOptions;

/** The API server that is looked at. JSON is written with single quotes here. Thread-safe. */
final class Api implements AutoCloseable {

    /** Of whatever a controller is to do; far more than it needs. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";

    private static final String JSON = "application/json";

    private final @Nullable KubeSim simulated;
    private final KubernetesClient client;
    private final HttpClient http;
    private final String url;
    private final Queue<String> namespaces = new ConcurrentLinkedQueue<>();
    private final Queue<String> roles = new ConcurrentLinkedQueue<>();

    /** Of the types that were defined for this run, so that runs do not meet. */
    private final String group = "contract-" + random() + ".example.com";

    private boolean parcels;

    private Api(Config config, @Nullable KubeSim simulated) {
        this.simulated = simulated;
        config.setRequestRetryBackoffLimit(0);
        config.setHttp2Disable(config.getMasterUrl().startsWith("http:"));
        client = new KubernetesClientBuilder().withConfig(config).build();
        http = client.getHttpClient();
        String master = config.getMasterUrl();
        url = master.endsWith("/") ? master.substring(0, master.length() - 1) : master;
    }

    /** The cluster of the system property {@code kubeconfig}, or kubesim. */
    static Api connect() {
        String kubeconfig = System.getProperty("kubeconfig", "");
        if (!kubeconfig.isEmpty()) {
            return new Api(Config.fromKubeconfig(Path.of(kubeconfig).toFile()), null);
        }
        KubeSim simulated = KubeSim.start(SimOptions.defaults()
                .withControllers(List.of(ControllerManager.of(InstantSource.system(), ControllerOptions.defaults()))));
        return new Api(Config.fromKubeconfig(simulated.kubeconfig()), simulated);
    }

    /** Where the objects of one kind are in a namespace; the group is empty for the core group. */
    static String path(String group, String namespace, String plural) {
        return (group.isEmpty() ? "/api/v1" : "/apis/" + group + "/v1") + "/namespaces/" + namespace + "/" + plural;
    }

    static String namespacePath(String name) {
        return "/api/v1/namespaces/" + name;
    }

    static String random() {
        return Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    }

    static String encode(String parameter) {
        return URLEncoder.encode(parameter, StandardCharsets.UTF_8);
    }

    /** A new namespace, ready for pods. */
    String namespace() {
        return namespace("");
    }

    /**
     * A new namespace, ready for pods.
     *
     * @param metadata more of it, as {@code 'labels':{'a':'b'}}
     */
    String namespace(String metadata) {
        String name = "contract-" + random();
        String more = metadata.isEmpty() ? "" : "," + metadata;
        post("/api/v1/namespaces", "{'metadata':{'name':'" + name + "'" + more + "}}")
                .expect(201);
        namespaces.add(name);
        eventually(() -> get(path("", name, "serviceaccounts") + "/default").expect(200));
        return name;
    }

    /** The group of the custom type {@code parcels}, which is defined when it is first asked for. */
    synchronized String parcels() {
        if (!parcels) {
            parcels = true;
            postAs(
                            "application/yaml",
                            DEFINITIONS,
                            Resources.text("parcels.yaml").replace("GROUP", group))
                    .expect(201);
            established("parcels." + group);
        }
        return group;
    }

    /** Somebody whom the server knows by a token. */
    record Reader(String name, String token) {}

    /** Somebody who may get that path, which is no resource. */
    Reader reader(String path) {
        String namespace = namespace();
        String name = "system:serviceaccount:" + namespace + ":reader";
        if (simulated != null) {
            simulated.access().know(namespace, name, "system:serviceaccounts");
            simulated.access().allow(name, "get", path);
            return new Reader(name, namespace);
        }
        String accounts = path("", namespace, "serviceaccounts");
        post(accounts, "{'metadata':{'name':'reader'}}").expect(201);
        post(
                        RBAC + "clusterroles",
                        "{'metadata':{'name':'" + namespace + "'},'rules':[{'nonResourceURLs':['" + path
                                + "'],'verbs':['get']}]}")
                .expect(201);
        roles.add(RBAC + "clusterroles/" + namespace);
        post(
                        RBAC + "clusterrolebindings",
                        "{'metadata':{'name':'" + namespace + "'},'roleRef':{'apiGroup':"
                                + "'rbac.authorization.k8s.io','kind':'ClusterRole','name':'" + namespace
                                + "'},'subjects':"
                                + "[{'kind':'ServiceAccount','namespace':'" + namespace + "','name':'reader'}]}")
                .expect(201);
        roles.add(RBAC + "clusterrolebindings/" + namespace);
        Answer token = post(accounts + "/reader/token", "{'spec':{}}").expect(201);
        return new Reader(name, token.text("/status/token"));
    }

    /** Waits until a definition's objects can be asked for. */
    void established(String definition) {
        eventually(() -> {
            Answer answer = get(DEFINITIONS + "/" + definition).expect(200);
            assertThat(answer.conditions()).contains("Established=True");
        });
        String of = definition.substring(definition.indexOf('.') + 1);
        String plural = definition.substring(0, definition.indexOf('.'));
        eventually(() -> get("/apis/" + of + "/v1/" + plural).expect(200));
    }

    /** Removes the namespaces that were made. */
    void cleanUp() {
        for (String name = namespaces.poll(); name != null; name = namespaces.poll()) {
            var _ = delete(namespacePath(name), "{}");
        }
        for (String role = roles.poll(); role != null; role = roles.poll()) {
            var _ = delete(role, "{}");
        }
    }

    /** Tries until no assertion fails, and gives up after half a minute. */
    static void eventually(ThrowingRunnable assertions) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(assertions);
    }

    Answer get(String path) {
        return send("GET", path, "", "");
    }

    Answer post(String path, String json) {
        return send("POST", path, JSON, json);
    }

    /** Sends a body as it stands. */
    Answer postAs(String contentType, String path, String body) {
        String request = "POST " + path;
        return Answer.of(request, answer(request, request("POST", path, contentType, body), String.class));
    }

    Answer put(String path, String json) {
        return send("PUT", path, JSON, json);
    }

    Answer patchAs(String contentType, String path, String json) {
        return send("PATCH", path, contentType, json);
    }

    Answer mergePatch(String path, String json) {
        return send("PATCH", path, "application/merge-patch+json", json);
    }

    Answer jsonPatch(String path, String json) {
        return send("PATCH", path, "application/json-patch+json", json);
    }

    Answer delete(String path, String options) {
        return send("DELETE", path, JSON, options);
    }

    /** The answer as it stands, for what may be JSON or lines of it. */
    HttpResponse<String> raw(String pathAndQuery) {
        return answer("GET " + pathAndQuery, request("GET", pathAndQuery, "", ""), String.class);
    }

    /** Opens a watch, which the server must accept. */
    Watch watch(String pathAndQuery) {
        HttpResponse<InputStream> response =
                answer("GET " + pathAndQuery, request("GET", pathAndQuery, "", ""), InputStream.class);
        assertThat(response.code()).as(pathAndQuery).isEqualTo(200);
        return new Watch(pathAndQuery, response.body());
    }

    /** Makes the server forget what happened until now, if it can be told so; others forget after some minutes. */
    void compact() {
        if (simulated != null) {
            simulated.compact();
        }
    }

    private Answer send(String method, String path, String contentType, String json) {
        String request = method + " " + path + " " + json;
        return Answer.of(
                request, answer(request, request(method, path, contentType, json.replace('\'', '"')), String.class));
    }

    /** The Table of what is there, as kubectl asks for it. */
    Answer table(String path) {
        HttpRequest request = http.newHttpRequestBuilder()
                .uri(url + path)
                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .build();
        return Answer.of("GET " + path, answer("GET " + path, request, String.class));
    }

    private HttpRequest request(String method, String path, String contentType, String body) {
        HttpRequest.Builder builder =
                http.newHttpRequestBuilder().uri(url + path).header("Accept", JSON);
        return (method.equals("GET") ? builder : builder.method(method, contentType, body)).build();
    }

    private <T> HttpResponse<T> answer(String what, HttpRequest request, Class<T> type) {
        try {
            return http.sendAsync(request, type).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(what, e);
        }
    }

    @Override
    public void close() {
        cleanUp();
        if (parcels) {
            var _ = delete(DEFINITIONS + "/parcels." + group, "{}");
        }
        client.close();
        if (simulated != null) {
            simulated.close();
        }
    }
}
