package run.clawcloud.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How to be a service account of a real cluster, from outside of it. */
final class ServiceAccountKubeconfig {

    private ServiceAccountKubeconfig() {}

    /** Writes the kubeconfig, with a token that is made for it. */
    static Path write(TestCluster cluster, String namespace, String account, Path file) throws IOException {
        String token = token(cluster.api(), namespace, account);
        var configuration = cluster.client().getConfiguration();
        String authority = configuration.getCaCertData() != null
                ? "\"certificate-authority-data\":\"" + configuration.getCaCertData() + "\""
                : "\"certificate-authority\":\"" + configuration.getCaCertFile() + "\"";
        return Files.writeString(file, """
                {"apiVersion":"v1","kind":"Config","current-context":"it",
                "contexts":[{"name":"it","context":{"cluster":"it","user":"it"}}],
                "clusters":[{"name":"it","cluster":{"server":"%s",%s}}],
                "users":[{"name":"it","user":{"token":"%s"}}]}""".formatted(configuration.getMasterUrl(), authority, token));
    }

    /** A token of that account. */
    static String token(RawApi api, String namespace, String account) {
        return api.create("api/v1/namespaces/" + namespace + "/serviceaccounts/" + account + "/token", RawApi.JSON, """
                        {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}""")
                .accepted()
                .at("/status/token")
                .asString();
    }
}
