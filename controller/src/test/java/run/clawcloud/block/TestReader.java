package run.clawcloud.block;

import java.util.ArrayList;
import java.util.List;
import run.clawcloud.block.kubesim.KubeSim;
import tools.jackson.databind.node.ObjectNode;

/**
 * Somebody who reads metrics: on a real cluster a service account, with the role that comes with the installation or
 * without.
 */
final class TestReader {

    private static final String RBAC = "apis/rbac.authorization.k8s.io/v1/";

    private final RawApi api;
    private final String name;
    private final List<String> made = new ArrayList<>();
    private String token = "";

    private TestReader(RawApi api, String name) {
        this.api = api;
        this.name = name;
    }

    static TestReader make(TestCluster cluster, boolean allowed) {
        String account = TestCluster.uniqueName();
        String namespace = cluster.requestNamespace();
        TestReader reader = new TestReader(cluster.api(), "system:serviceaccount:" + namespace + ":" + account);
        cluster.simulated()
                .ifPresentOrElse(
                        simulated -> reader.tell(simulated, allowed), () -> reader.create(namespace, account, allowed));
        return reader;
    }

    private void tell(KubeSim simulated, boolean allowed) {
        token = name + ":token";
        simulated.access().know(token, name, "system:serviceaccounts");
        if (allowed) {
            for (var verb : Installation.readerRole().at("/rules/0/verbs")) {
                simulated
                        .access()
                        .allow(
                                name,
                                verb.asString(),
                                Installation.readerRole()
                                        .at("/rules/0/nonResourceURLs/0")
                                        .asString());
            }
        }
    }

    private void create(String namespace, String account, boolean allowed) {
        String accounts = "api/v1/namespaces/" + namespace + "/serviceaccounts";
        make(accounts, account, """
                {"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"%s"}}""".formatted(account));
        if (allowed) {
            ObjectNode role = Installation.readerRole();
            role.putObject("metadata").put("name", account);
            make(RBAC + "clusterroles", account, role.toString());
            make(RBAC + "clusterrolebindings", account, """
                    {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"%1$s"},
                    "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"%1$s"},
                    "subjects":[{"kind":"ServiceAccount","namespace":"%2$s","name":"%1$s"}]}""".formatted(account, namespace));
        }
        token = ServiceAccountKubeconfig.token(api, namespace, account);
    }

    private void make(String path, String object, String body) {
        api.create(path, RawApi.JSON, body).accepted();
        made.add(path + "/" + object);
    }

    /** As the API server knows it. */
    String name() {
        return name;
    }

    String token() {
        return token;
    }

    void remove() {
        made.reversed().forEach(api::delete);
    }
}
