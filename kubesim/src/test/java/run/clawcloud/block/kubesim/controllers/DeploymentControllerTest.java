package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class DeploymentControllerTest {

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private ObjectNode replicaSet() {
        List<ObjectNode> replicaSets = cloud.list(Kinds.REPLICA_SETS);
        assertThat(replicaSets).hasSize(1);
        return replicaSets.getFirst();
    }

    private void deploy() {
        cloud.workload(Kinds.DEPLOYMENTS, "web", "'replicas':2");
        cloud.edit(Kinds.DEPLOYMENTS, "web", web -> Meta.annotate(web, "note", "a"));
        cloud.awaitPods("web", 2);
    }

    @Test
    void makesAReplicaSetAndItsPods() {
        deploy();

        ObjectNode web = cloud.get(Kinds.DEPLOYMENTS, "web");
        ObjectNode replicaSet = replicaSet();
        String hash = Meta.labels(replicaSet).get("pod-template-hash");
        assertThat(Meta.name(replicaSet)).isEqualTo("web-" + hash);
        assertThat(Meta.controlledBy(replicaSet, Meta.uid(web))).isTrue();
        assertThat(replicaSet
                        .path("spec")
                        .path("selector")
                        .path("matchLabels")
                        .path("pod-template-hash")
                        .asString())
                .isEqualTo(hash);
        assertThat(Meta.strings(replicaSet.path("metadata").path("annotations")))
                .containsEntry("deployment.kubernetes.io/desired-replicas", "2")
                .containsEntry("deployment.kubernetes.io/max-replicas", "3")
                .containsEntry("deployment.kubernetes.io/revision", "1")
                .containsEntry("note", "a");
        assertThat(cloud.pods("web")).allSatisfy(pod -> {
            assertThat(Meta.controlledBy(pod, Meta.uid(replicaSet))).isTrue();
            assertThat(Meta.labels(pod)).containsEntry("pod-template-hash", hash);
            assertThat(Meta.name(pod)).startsWith(Meta.name(replicaSet) + "-");
        });
        assertThat(Meta.annotation(web, "deployment.kubernetes.io/revision")).isEqualTo("1");
        ObjectNode status = (ObjectNode) web.path("status");
        assertThat(status.path("replicas").asInt()).isEqualTo(2);
        assertThat(status.path("availableReplicas").asInt()).isEqualTo(2);
        assertThat(status.has("unavailableReplicas")).isFalse();
        assertThat(Conditions.isTrue(status, "Available")).isTrue();
        JsonNode progressing = Conditions.find(status, "Progressing");
        assertThat(progressing).isNotNull();
        assertThat(progressing.path("reason").asString()).isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void scalesToZeroAndBackToWhatItWas() {
        deploy();
        SortedMap<String, JsonNode> before = cloud.everything();
        List<String> podsBefore = cloud.pods("web").stream().map(Meta::name).toList();

        cloud.scale(Kinds.DEPLOYMENTS, "web", 0);
        cloud.awaitPods("web", 0);
        JsonNode status = cloud.get(Kinds.DEPLOYMENTS, "web").path("status");
        // As a real 1.32 shows it: available, since none is wanted, and no count of nothing.
        assertThat(status.propertyNames()).containsExactlyInAnyOrder("observedGeneration", "conditions");
        assertThat(Conditions.isTrue(status, "Available")).isTrue();
        assertThat(replicaSet().path("status").propertyNames())
                .containsExactlyInAnyOrder("observedGeneration", "replicas");
        assertThat(Meta.annotation(replicaSet(), "deployment.kubernetes.io/max-replicas"))
                .isEqualTo("0");

        cloud.scale(Kinds.DEPLOYMENTS, "web", 2);
        cloud.awaitPods("web", 2);
        SortedMap<String, JsonNode> after = cloud.everything();
        before.keySet().removeIf(name -> name.startsWith("pods/"));
        after.keySet().removeIf(name -> name.startsWith("pods/"));
        assertThat(after).isEqualTo(before);
        assertThat(cloud.pods("web")).map(Meta::name).doesNotContainAnyElementsOf(podsBefore);
    }

    @Test
    void copiesAnnotationsAndNeverRemovesThem() {
        deploy();
        cloud.edit(Kinds.DEPLOYMENTS, "web", web -> {
            Meta.annotate(web, "note", "b");
            Meta.annotate(web, "kubectl.kubernetes.io/last-applied-configuration", "{}");
        });
        cloud.settle();
        assertThat(Meta.annotation(replicaSet(), "note")).isEqualTo("b");
        assertThat(Meta.annotation(replicaSet(), "kubectl.kubernetes.io/last-applied-configuration"))
                .isNull();

        cloud.edit(
                Kinds.DEPLOYMENTS,
                "web",
                web -> Json.child(Json.child(web, "metadata"), "annotations").remove("note"));
        cloud.settle();
        assertThat(Meta.annotation(cloud.get(Kinds.DEPLOYMENTS, "web"), "note")).isNull();
        assertThat(Meta.annotation(replicaSet(), "note")).isEqualTo("b");

        cloud.edit(
                Kinds.REPLICA_SETS,
                Meta.name(replicaSet()),
                rs -> Json.child(Json.child(rs, "metadata"), "annotations").remove("note"));
        cloud.settle();
        assertThat(Meta.annotation(replicaSet(), "note")).isNull();
    }

    @Test
    void rollsOutANewTemplateAndKeepsTheOldReplicaSetAtZero() {
        deploy();
        String old = Meta.name(replicaSet());
        setImage("i:2");
        await().untilAsserted(() -> assertThat(cloud.pods("web"))
                .hasSize(2)
                .allMatch(pod -> pod.path("spec")
                        .path("containers")
                        .path(0)
                        .path("image")
                        .asString()
                        .equals("i:2")));
        cloud.settle();

        assertThat(cloud.list(Kinds.REPLICA_SETS)).hasSize(2);
        assertThat(Meta.replicas(cloud.get(Kinds.REPLICA_SETS, old))).isZero();
        assertThat(Meta.annotation(cloud.get(Kinds.DEPLOYMENTS, "web"), "deployment.kubernetes.io/revision"))
                .isEqualTo("2");

        setImage("i:1");
        cloud.awaitPods("web", 2);
        assertThat(cloud.list(Kinds.REPLICA_SETS)).hasSize(2);
        assertThat(Meta.replicas(cloud.get(Kinds.REPLICA_SETS, old))).isEqualTo(2);
        assertThat(Meta.annotation(cloud.get(Kinds.REPLICA_SETS, old), "deployment.kubernetes.io/revision"))
                .isEqualTo("3");
    }

    @Test
    void scalesWhilePausedButRollsNothingOut() {
        deploy();
        cloud.edit(Kinds.DEPLOYMENTS, "web", web -> Json.child(web, "spec").put("paused", true));
        setImage("i:2");
        cloud.scale(Kinds.DEPLOYMENTS, "web", 3);
        cloud.awaitPods("web", 3);
        assertThat(cloud.pods("web"))
                .allMatch(pod -> pod.path("spec")
                        .path("containers")
                        .path(0)
                        .path("image")
                        .asString()
                        .equals("i:1"));
        assertThat(Meta.replicas(replicaSet())).isEqualTo(3);
    }

    @Test
    void keepsNoMoreHistoryThanItsLimit() {
        deploy();
        cloud.edit(Kinds.DEPLOYMENTS, "web", web -> Json.child(web, "spec").put("revisionHistoryLimit", 1));
        for (String image : List.of("i:2", "i:3", "i:4")) {
            setImage(image);
            cloud.awaitPods("web", 2);
        }
        await().untilAsserted(() -> assertThat(cloud.list(Kinds.REPLICA_SETS)).hasSize(2));
    }

    @Test
    void writesNothingWhenNothingChanges() {
        deploy();
        long before = cloud.api.store().resourceVersion();
        cloud.create(Kinds.CONFIG_MAPS, "{'metadata':{'name':'bystander'}}");
        cloud.settle();
        assertThat(cloud.api.store().resourceVersion()).isEqualTo(before + 1);
    }

    @Test
    void oneScaleOfTwoPodsTakesSixWrites() {
        deploy();
        long before = cloud.api.store().resourceVersion();
        cloud.scale(Kinds.DEPLOYMENTS, "web", 0);
        cloud.awaitPods("web", 0);
        // Deployment, ReplicaSet, two pods, and a status each; one more while the status of the ReplicaSet is awaited.
        assertThat(cloud.api.store().resourceVersion() - before).isBetween(6L, 7L);
    }

    private void setImage(String image) {
        cloud.edit(
                Kinds.DEPLOYMENTS,
                "web",
                web -> ((ObjectNode) web.path("spec")
                                .path("template")
                                .path("spec")
                                .path("containers")
                                .path(0))
                        .put("image", image));
    }
}
