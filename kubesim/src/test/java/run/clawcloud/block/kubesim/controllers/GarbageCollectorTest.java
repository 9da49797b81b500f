package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.api.DeleteOptions;
import run.clawcloud.block.kubesim.api.DeleteOptions.Propagation;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.node.ObjectNode;

class GarbageCollectorTest {

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private void deploy() {
        cloud.workload(Kinds.DEPLOYMENTS, "web", "'replicas':2");
        cloud.awaitPods("web", 2);
    }

    private void delete(Propagation propagation) {
        cloud.api.delete(Kinds.DEPLOYMENTS, Cloud.NS, "web", new DeleteOptions(null, null, propagation, null));
    }

    private void configMap(String name, String owners) {
        cloud.create(
                Kinds.CONFIG_MAPS,
                "{'metadata':{'name':'NAME','ownerReferences':[OWNERS]}}"
                        .replace("NAME", name)
                        .replace("OWNERS", owners));
    }

    private static String owner(ObjectNode owner) {
        return "{'apiVersion':'v1','kind':'ConfigMap','name':'NAME','uid':'UID'}"
                .replace("NAME", Meta.name(owner))
                .replace("UID", Meta.uid(owner));
    }

    @Test
    void deletesInTheBackgroundWhatADeploymentOwned() {
        deploy();
        delete(Propagation.BACKGROUND);
        assertThat(cloud.find(Kinds.DEPLOYMENTS, "web")).isNull();
        await().untilAsserted(() -> {
            assertThat(cloud.list(Kinds.REPLICA_SETS)).isEmpty();
            assertThat(cloud.list(Kinds.PODS)).isEmpty();
        });
    }

    @Test
    void inTheForegroundTheOwnerGoesLast() {
        deploy();
        delete(Propagation.FOREGROUND);
        await().untilAsserted(
                        () -> assertThat(cloud.find(Kinds.DEPLOYMENTS, "web")).isNull());
        assertThat(cloud.list(Kinds.REPLICA_SETS)).isEmpty();
        await().untilAsserted(() -> assertThat(cloud.list(Kinds.PODS)).isEmpty());
    }

    @Test
    void orphansStay() {
        deploy();
        delete(Propagation.ORPHAN);
        await().untilAsserted(
                        () -> assertThat(cloud.find(Kinds.DEPLOYMENTS, "web")).isNull());
        cloud.settle();
        assertThat(cloud.list(Kinds.REPLICA_SETS))
                .singleElement()
                .matches(replicaSet -> Meta.controller(replicaSet) == null);
        assertThat(cloud.pods("web")).hasSize(2);
    }

    @Test
    void aDependentOfSeveralStaysWithTheLast() {
        configMap("a", "");
        configMap("b", "");
        configMap("child", owner(cloud.get(Kinds.CONFIG_MAPS, "a")) + "," + owner(cloud.get(Kinds.CONFIG_MAPS, "b")));
        cloud.delete(Kinds.CONFIG_MAPS, "a");
        await().untilAsserted(() -> assertThat(
                        cloud.get(Kinds.CONFIG_MAPS, "child").path("metadata").path("ownerReferences"))
                .hasSize(1));
        cloud.delete(Kinds.CONFIG_MAPS, "b");
        await().untilAsserted(
                        () -> assertThat(cloud.find(Kinds.CONFIG_MAPS, "child")).isNull());
    }

    @Test
    void whatComesAfterItsOwnerWentGoesToo() {
        configMap("a", "");
        String owner = owner(cloud.get(Kinds.CONFIG_MAPS, "a"));
        cloud.delete(Kinds.CONFIG_MAPS, "a");
        cloud.settle();
        configMap("late", owner);
        await().untilAsserted(
                        () -> assertThat(cloud.find(Kinds.CONFIG_MAPS, "late")).isNull());
    }

    @Test
    void anOwnerOfAnUnknownTypeIsTrusted() {
        configMap("child", "{'apiVersion':'example.com/v1','kind':'Thing','name':'x','uid':'1'}");
        configMap("other", "");
        cloud.delete(Kinds.CONFIG_MAPS, "other");
        cloud.settle();
        configMap("a", "");
        String owner = owner(cloud.get(Kinds.CONFIG_MAPS, "a"));
        cloud.delete(Kinds.CONFIG_MAPS, "a");
        configMap("late", owner);
        await().untilAsserted(
                        () -> assertThat(cloud.find(Kinds.CONFIG_MAPS, "late")).isNull());
        assertThat(cloud.find(Kinds.CONFIG_MAPS, "child")).isNotNull();
    }

    @Test
    void aDependentWithAFinalizerIsOnlyMarked() {
        configMap("a", "");
        configMap("child", owner(cloud.get(Kinds.CONFIG_MAPS, "a")));
        cloud.edit(
                Kinds.CONFIG_MAPS,
                "child",
                child -> Json.child(child, "metadata").putArray("finalizers").add("example.com/hold"));
        cloud.delete(Kinds.CONFIG_MAPS, "a");
        await().untilAsserted(() ->
                assertThat(Meta.deleting(cloud.get(Kinds.CONFIG_MAPS, "child"))).isTrue());
    }
}
