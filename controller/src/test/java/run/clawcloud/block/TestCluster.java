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
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;

/**
 * The cluster that the tests run on: the embedded one, or with {@code -Dkubeconfig=FILE} a real one. Namespaces that a
 * test makes are removed when it is closed.
 */
final class TestCluster implements AutoCloseable {

    private final @Nullable KubeSim simulated;
    private final Path kubeconfig;
    private final KubernetesClient client;
    private final List<String> namespaces = new ArrayList<>();

    private TestCluster(@Nullable KubeSim simulated, Path kubeconfig) {
        this.simulated = simulated;
        this.kubeconfig = kubeconfig;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
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

    /** Makes a namespace of a name that nobody else has. */
    Tenant tenant() {
        String name = "flow-" + UUID.randomUUID().toString().substring(0, 8);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        namespaces.add(name);
        // Every namespace gets it, a moment after it was made; a test that compares objects must not meet it half-way.
        Eventually.holds(() -> client.configMaps()
                        .inNamespace(name)
                        .withName("kube-root-ca.crt")
                        .get()
                != null);
        return new Tenant(client, name);
    }

    static ContainerBuilder container() {
        return new ContainerBuilder().withName("main").withImage("registry.example/app:1");
    }

    @Override
    public void close() {
        namespaces.forEach(name -> client.namespaces().withName(name).delete());
        client.close();
        if (simulated != null) {
            simulated.close();
        }
    }
}
