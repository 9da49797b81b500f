package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class NamespaceControllerTest {

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void newNamespacesGetTheirServiceAccountAndRootCa() {
        await().untilAsserted(() -> {
            assertThat(cloud.find(Kinds.SERVICE_ACCOUNTS, "default")).isNotNull();
            assertThat(cloud.find(Kinds.CONFIG_MAPS, "kube-root-ca.crt")).isNotNull();
        });
        cloud.delete(Kinds.SERVICE_ACCOUNTS, "default");
        await().untilAsserted(() ->
                assertThat(cloud.find(Kinds.SERVICE_ACCOUNTS, "default")).isNotNull());
    }

    @Test
    void aQuotaThatForbidsConfigMapsIsNoEndlessLoop() {
        cloud.lockOut();
        cloud.delete(Kinds.CONFIG_MAPS, "kube-root-ca.crt");
        cloud.settle();
        assertThat(cloud.find(Kinds.CONFIG_MAPS, "kube-root-ca.crt")).isNull();
        cloud.delete(Kinds.RESOURCE_QUOTAS, "lock");
        await().untilAsserted(() ->
                assertThat(cloud.find(Kinds.CONFIG_MAPS, "kube-root-ca.crt")).isNotNull());
    }

    @Test
    void aNamespaceGoesWithAllThatIsInIt() {
        cloud.workload(Kinds.DEPLOYMENTS, "web", "'replicas':3");
        cloud.workload(Kinds.STATEFUL_SETS, "db", "'replicas':1");
        cloud.awaitPods("web", 3);
        cloud.lockOut();
        cloud.create(Kinds.SECRETS, "{'metadata':{'name':'s'}}");
        cloud.delete(Kinds.NAMESPACES, Cloud.NS);
        await().untilAsserted(
                        () -> assertThat(cloud.find(Kinds.NAMESPACES, Cloud.NS)).isNull());
        for (ResourceType type : Kinds.BUILT_IN) {
            if (type.namespaced()) {
                assertThat(cloud.list(type)).as(type.plural()).isEmpty();
            }
        }
    }

    @Test
    void foreignFinalizersHoldItUntilTheyAreGone() {
        cloud.create(Kinds.CONFIG_MAPS, "{'metadata':{'name':'held','finalizers':['example.com/hold']}}");
        cloud.delete(Kinds.NAMESPACES, Cloud.NS);
        await().untilAsserted(() -> {
            ObjectNode namespace = cloud.get(Kinds.NAMESPACES, Cloud.NS);
            assertThat(namespace.path("status").path("phase").asString()).isEqualTo("Terminating");
            JsonNode condition = Conditions.find(namespace.path("status"), "NamespaceFinalizersRemaining");
            assertThat(condition).isNotNull();
            assertThat(condition.path("status").asString()).isEqualTo("True");
            assertThat(condition.path("message").asString()).contains("example.com/hold in 1 resource instances");
        });
        cloud.edit(
                Kinds.CONFIG_MAPS, "held", held -> Json.child(held, "metadata").remove("finalizers"));
        await().untilAsserted(
                        () -> assertThat(cloud.find(Kinds.NAMESPACES, Cloud.NS)).isNull());
    }
}
