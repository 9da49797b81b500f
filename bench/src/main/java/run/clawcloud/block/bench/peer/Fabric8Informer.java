package run.clawcloud.block.bench.peer;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.File;
import java.util.concurrent.CountDownLatch;

/** An informer of fabric8's client. */
public final class Fabric8Informer {
    private Fabric8Informer() {}

    /**
     * Runs until it is ended.
     *
     * @param arguments the kubeconfig
     */
    public static void main(String[] arguments) throws InterruptedException {
        Config config = Config.fromKubeconfig(new File(arguments[0]));
        try (KubernetesClient client =
                        new KubernetesClientBuilder().withConfig(config).build();
                SharedIndexInformer<Namespace> informer = client.namespaces().inform()) {
            System.out.println("synced " + informer.getIndexer().list().size());
            new CountDownLatch(1).await();
        }
    }
}
