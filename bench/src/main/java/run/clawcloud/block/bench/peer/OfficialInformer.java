package run.clawcloud.block.bench.peer;

import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NamespaceList;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** An informer of the official Java client. */
public final class OfficialInformer {
    private static final long LOOK_MILLIS = 10;

    private OfficialInformer() {}

    /**
     * Runs until it is ended.
     *
     * @param arguments the kubeconfig
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ApiClient client;
        try (Reader kubeconfig = Files.newBufferedReader(Path.of(arguments[0]))) {
            client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(kubeconfig))
                    .build();
        }
        // A watch is silent for as long as nothing happens.
        client.setReadTimeout(0);
        CoreV1Api api = new CoreV1Api(client);
        SharedInformerFactory factory = new SharedInformerFactory(client);
        SharedIndexInformer<V1Namespace> informer = factory.sharedIndexInformerFor(
                parameters -> api.listNamespace()
                        .resourceVersion(parameters.resourceVersion)
                        .timeoutSeconds(parameters.timeoutSeconds)
                        .watch(parameters.watch)
                        .buildCall(null),
                V1Namespace.class,
                V1NamespaceList.class);
        factory.startAllRegisteredInformers();
        while (!informer.hasSynced()) {
            Thread.sleep(LOOK_MILLIS);
        }
        System.out.println("synced " + informer.getIndexer().list().size());
        new CountDownLatch(1).await();
    }
}
