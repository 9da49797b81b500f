package run.clawcloud.block;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;

/**
 * The cluster that the tests run on: the embedded one, or with {@code -Dkubeconfig=FILE} a real one. Namespaces that a
 * test makes are removed when it is closed.
 */
final class TestCluster implements AutoCloseable {

    private static final Path DEFINITION = Path.of("../deploy/crd/blockrequests.core.clawcloud.run.yaml");
    private static final String DEFINITIONS = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final int ALREADY_THERE = 409;

    private final @Nullable KubeSim simulated;
    private final Path kubeconfig;
    private final KubernetesClient client;
    private final RawApi api;
    private final List<String> namespaces = new CopyOnWriteArrayList<>();
    private final List<TestRequest> requests = new ArrayList<>();
    private final List<TestReader> readers = new ArrayList<>();
    private @Nullable String requestNamespace;

    private TestCluster(@Nullable KubeSim simulated, Path kubeconfig) {
        this.simulated = simulated;
        this.kubeconfig = kubeconfig;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        this.api = new RawApi(client);
    }

    /** A cluster with BlockRequests: their definition is installed from the file that every cluster gets. */
    static TestCluster openWithRequests() {
        TestCluster cluster = open();
        cluster.installRequests();
        return cluster;
    }

    static TestCluster open() {
        String real = System.getProperty("kubeconfig", "");
        if (!real.isEmpty()) {
            return new TestCluster(null, Path.of(real));
        }
        KubeSim simulated = KubeSim.start(SimOptions.defaults());
        try {
            Path file = Files.createTempFile("kubesim", ".kubeconfig");
            file.toFile().deleteOnExit();
            Files.writeString(file, simulated.kubeconfig());
            return new TestCluster(simulated, file);
        } catch (IOException e) {
            simulated.close();
            throw new UncheckedIOException(e);
        }
    }

    /** The embedded cluster; empty on a real one, which does not count requests and has no faults on demand. */
    Optional<KubeSim> simulated() {
        return Optional.ofNullable(simulated);
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    KubernetesClient client() {
        return client;
    }

    RawApi api() {
        return api;
    }

    /** Installs the definition of BlockRequests and waits until they are served. */
    void installRequests() {
        try {
            RawApi.Answer answer = api.create(DEFINITIONS, RawApi.YAML, Files.readString(DEFINITION));
            if (answer.code() != ALREADY_THERE) {
                answer.accepted();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.holds(() -> api.get(TestRequest.path("default")).code() == 200);
    }

    /** Makes a BlockRequest of a name that nobody else has. */
    TestRequest request(TestSpec spec) {
        return request(spec.toString());
    }

    TestRequest request(String spec) {
        TestRequest request = nextRequest();
        request.create(spec);
        return request;
    }

    /** Makes one in that namespace. */
    TestRequest requestIn(Tenant namespace, TestSpec spec) {
        TestRequest request = nextRequest(namespace.name());
        request.create(spec.toString());
        return request;
    }

    /** A BlockRequest that is yet to be made. */
    TestRequest nextRequest() {
        return nextRequest(requestNamespace());
    }

    private TestRequest nextRequest(String namespace) {
        TestRequest request = new TestRequest(api, namespace, uniqueName());
        requests.add(request);
        return request;
    }

    /** Where the BlockRequests are made; they may want namespaces elsewhere. */
    String requestNamespace() {
        if (requestNamespace == null) {
            requestNamespace = tenant().name();
        }
        return requestNamespace;
    }

    /**
     * Makes somebody who reads metrics.
     *
     * @param allowed they may
     */
    TestReader reader(boolean allowed) {
        TestReader reader = TestReader.make(this, allowed);
        readers.add(reader);
        return reader;
    }

    /** One that nobody else has, and that is fit for a label's value, too. */
    static String uniqueName() {
        return "flow-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A namespace that is yet to be made. */
    Tenant nextTenant() {
        String name = uniqueName();
        namespaces.add(name);
        return new Tenant(client, name);
    }

    /** Makes a namespace of a name that nobody else has. */
    Tenant tenant() {
        Tenant tenant = nextTenant();
        create(tenant.name(), Map.of());
        return tenant;
    }

    /** Makes a namespace with labels. */
    Tenant tenant(Map<String, String> labels) {
        Tenant tenant = nextTenant();
        create(tenant.name(), labels);
        return tenant;
    }

    void create(Tenant tenant) {
        create(tenant.name(), Map.of());
    }

    private void create(String name, Map<String, String> labels) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        // Every namespace gets it, a moment after it was made; a test that compares objects must not meet it half-way.
        Eventually.holds(() -> client.configMaps()
                        .inNamespace(name)
                        .withName("kube-root-ca.crt")
                        .get()
                != null);
    }

    static ContainerBuilder container() {
        return new ContainerBuilder().withName("main").withImage("registry.example/app:1");
    }

    @Override
    public void close() {
        if (simulated == null) {
            requests.forEach(TestRequest::remove);
        }
        readers.forEach(TestReader::remove);
        namespaces.forEach(name -> client.namespaces().withName(name).delete());
        client.close();
        if (simulated != null) {
            simulated.close();
        }
    }
}
