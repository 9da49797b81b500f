package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import run.clawcloud.block.kubesim.store.WatchEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ReplicaSetControllerTest {

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private void create(ResourceType type, int replicas) {
        cloud.create(type, """
                {'metadata':{'name':'rs'},'spec':{'replicas':REPLICAS,'selector':SELECTOR,
                 'template':{'metadata':{'labels':{'app':'rs'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}
                """.replace("REPLICAS", Integer.toString(replicas)).replace(
                "SELECTOR", type.equals(Kinds.REPLICA_SETS) ? "{'matchLabels':{'app':'rs'}}" : "{'app':'rs'}"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void scalesUpAndDown(boolean replicaSet) {
        ResourceType type = replicaSet ? Kinds.REPLICA_SETS : Kinds.REPLICATION_CONTROLLERS;
        create(type, 3);
        cloud.awaitPods("rs", 3);
        assertThat(cloud.get(type, "rs").path("status"))
                .isEqualTo(Json.parse("{\"replicas\":3,\"fullyLabeledReplicas\":3,\"readyReplicas\":3,"
                        + "\"availableReplicas\":3,\"observedGeneration\":1}"));
        ObjectNode pod = cloud.pods("rs").getFirst();
        Meta.Owner owner = Meta.controller(pod);
        assertThat(owner)
                .isEqualTo(new Meta.Owner(type.apiVersion(), type.kind(), "rs", Meta.uid(cloud.get(type, "rs"))));
        assertThat(pod.path("metadata")
                        .path("ownerReferences")
                        .path(0)
                        .path("blockOwnerDeletion")
                        .asBoolean())
                .isTrue();
        assertThat(pod.path("spec").path("nodeName").asString()).isEqualTo("node-1");
        assertThat(pod.path("status")
                        .path("containerStatuses")
                        .path(0)
                        .path("ready")
                        .asBoolean())
                .isTrue();

        cloud.scale(type, "rs", 1);
        cloud.awaitPods("rs", 1);
        cloud.scale(type, "rs", 0);
        cloud.awaitPods("rs", 0);
        assertThat(cloud.get(type, "rs").path("status"))
                .isEqualTo(Json.parse("{\"replicas\":0,\"observedGeneration\":3}"));
    }

    @Test
    void replacesAPodThatIsDeleted() {
        create(Kinds.REPLICA_SETS, 2);
        cloud.awaitPods("rs", 2);
        String name = Meta.name(cloud.pods("rs").getFirst());
        cloud.delete(Kinds.PODS, name);
        await().untilAsserted(() -> assertThat(cloud.find(Kinds.PODS, name)).isNull());
        cloud.awaitPods("rs", 2);
    }

    @Test
    void replacesAPodThatHasFailed() {
        create(Kinds.REPLICA_SETS, 1);
        cloud.awaitPods("rs", 1);
        String name = Meta.name(cloud.pods("rs").getFirst());
        cloud.edit(
                Kinds.PODS,
                name,
                Subresource.STATUS,
                pod -> Json.child(pod, "status").put("phase", "Failed"));
        await().untilAsserted(() -> assertThat(cloud.pods("rs")).hasSize(2).anyMatch(Pods::ready));
    }

    @Test
    void adoptsPodsThatItSelectsAndReleasesThoseRelabelled() {
        cloud.create(
                Kinds.PODS,
                "{'metadata':{'name':'own','labels':{'app':'rs'}},'spec':{'containers':[{'name':'c','image':'i'}]}}");
        cloud.settle();
        create(Kinds.REPLICA_SETS, 2);
        cloud.awaitPods("rs", 2);
        assertThat(Meta.controlledBy(cloud.get(Kinds.PODS, "own"), Meta.uid(cloud.get(Kinds.REPLICA_SETS, "rs"))))
                .isTrue();

        cloud.edit(
                Kinds.PODS,
                "own",
                pod -> Json.child(Json.child(pod, "metadata"), "labels").put("app", "another"));
        cloud.awaitPods("rs", 2);
        assertThat(cloud.find(Kinds.PODS, "own")).isNotNull();
    }

    @Test
    void showsWhatAQuotaRefusesAndCatchesUpWhenItGoes() {
        cloud.lockOut();
        create(Kinds.REPLICA_SETS, 2);
        await().untilAsserted(() -> {
            JsonNode failure =
                    Conditions.find(cloud.get(Kinds.REPLICA_SETS, "rs").path("status"), "ReplicaFailure");
            assertThat(failure).isNotNull();
            assertThat(failure.path("reason").asString()).isEqualTo("FailedCreate");
            assertThat(failure.path("message").asString()).contains("exceeded quota: lock");
        });
        assertThat(cloud.pods("rs")).isEmpty();

        cloud.delete(Kinds.RESOURCE_QUOTAS, "lock");
        cloud.awaitPods("rs", 2);
        assertThat(Conditions.find(cloud.get(Kinds.REPLICA_SETS, "rs").path("status"), "ReplicaFailure"))
                .isNull();
    }

    @Test
    void podsShowTheirEndIfAsked() {
        try (Cloud graceful = new Cloud(ControllerOptions.defaults().withGracefulPods())) {
            List<StoredObject> ending = new CopyOnWriteArrayList<>();
            graceful.workload(Kinds.DEPLOYMENTS, "web", "'replicas':1");
            graceful.awaitPods("web", 1);
            graceful.api.watch(Kinds.PODS, event -> {
                if (event.kind() == WatchEvent.Kind.MODIFIED) {
                    ending.add(event.object());
                }
            });
            graceful.scale(Kinds.DEPLOYMENTS, "web", 0);
            await().untilAsserted(() -> assertThat(graceful.list(Kinds.PODS)).isEmpty());
            assertThat(ending).isNotEmpty().allMatch(pod -> Meta.deleting(pod.tree()));
        }
    }

    @Test
    void minReadySecondsDelayAvailability() {
        create(Kinds.REPLICA_SETS, 0);
        cloud.edit(
                Kinds.REPLICA_SETS,
                "rs",
                rs -> Json.child(rs, "spec").put("minReadySeconds", 60).put("replicas", 1));
        cloud.awaitPods("rs", 1);
        assertThat(cloud.get(Kinds.REPLICA_SETS, "rs").path("status").has("availableReplicas"))
                .isFalse();
        cloud.now.updateAndGet(now -> now.plusSeconds(61));
        cloud.edit(Kinds.REPLICA_SETS, "rs", rs -> Meta.annotate(rs, "look", "again"));
        await().untilAsserted(() -> assertThat(cloud.get(Kinds.REPLICA_SETS, "rs")
                        .path("status")
                        .path("availableReplicas")
                        .asInt())
                .isEqualTo(1));
    }
}
