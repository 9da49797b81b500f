package run.clawcloud.block.bench.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import run.clawcloud.block.harness.Connection;
import run.clawcloud.block.harness.HarnessException;

/** Reads a kubeconfig; the fabric8 client knows how. */
final class KubeconfigFile {
    private KubeconfigFile() {}

    static Connection connection(Path file) {
        if (!Files.isReadable(file)) {
            throw new HarnessException("the kubeconfig " + file + " can't be read");
        }
        try {
            Config config = Config.fromKubeconfig(file.toFile());
            String server = config.getMasterUrl();
            return new Connection(
                    server, server.startsWith("https:") ? SSLUtils.sslContext(config) : null, config.getOauthToken());
        } catch (Exception e) {
            throw new HarnessException("the kubeconfig " + file + " can't be used: " + e.getMessage());
        }
    }
}
