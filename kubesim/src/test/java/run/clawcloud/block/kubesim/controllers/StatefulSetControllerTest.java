package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.WatchEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class StatefulSetControllerTest {

    private final Cloud cloud = new Cloud();
    private final List<String> coming = new CopyOnWriteArrayList<>();
    private final List<String> going = new CopyOnWriteArrayList<>();

    StatefulSetControllerTest() {
        cloud.api.watch(Kinds.PODS, event -> {
            if (event.kind() == WatchEvent.Kind.ADDED) {
                coming.add(event.object().name());
            } else if (event.kind() == WatchEvent.Kind.DELETED) {
                going.add(event.object().name());
            }
        });
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void countsUpFromZeroAndDownFromTheHighest() {
        cloud.workload(Kinds.STATEFUL_SETS, "db", "'replicas':3,'serviceName':'db'");
        cloud.awaitPods("db", 3);
        assertThat(coming).containsExactly("db-0", "db-1", "db-2");
        ObjectNode pod = cloud.get(Kinds.PODS, "db-1");
        assertThat(Meta.labels(pod))
                .containsEntry("statefulset.kubernetes.io/pod-name", "db-1")
                .containsEntry("apps.kubernetes.io/pod-index", "1");
        assertThat(pod.path("spec").path("hostname").asString()).isEqualTo("db-1");
        JsonNode before = cloud.get(Kinds.STATEFUL_SETS, "db").path("status");
        assertThat(before.path("currentRevision")).isEqualTo(before.path("updateRevision"));
        assertThat(before.path("currentReplicas").asInt()).isEqualTo(3);

        cloud.scale(Kinds.STATEFUL_SETS, "db", 0);
        cloud.awaitPods("db", 0);
        assertThat(going).containsExactly("db-2", "db-1", "db-0");
        // As a real 1.32 shows it.
        assertThat(cloud.get(Kinds.STATEFUL_SETS, "db").path("status").propertyNames())
                .containsExactlyInAnyOrder(
                        "observedGeneration",
                        "replicas",
                        "availableReplicas",
                        "currentRevision",
                        "updateRevision",
                        "collisionCount");

        cloud.scale(Kinds.STATEFUL_SETS, "db", 3);
        cloud.awaitPods("db", 3);
        ObjectNode after = (ObjectNode) cloud.get(Kinds.STATEFUL_SETS, "db").path("status");
        assertThat(after.put("observedGeneration", 1)).isEqualTo(before);
    }

    @Test
    void replacesPodsOfAnOlderTemplate() {
        cloud.workload(Kinds.STATEFUL_SETS, "db", "'replicas':2,'podManagementPolicy':'Parallel'");
        cloud.awaitPods("db", 2);
        cloud.edit(
                Kinds.STATEFUL_SETS,
                "db",
                db -> Meta.annotate((ObjectNode) db.path("spec").path("template"), "restarted", "now"));
        await().untilAsserted(() -> assertThat(cloud.pods("db"))
                .hasSize(2)
                .allMatch(pod -> "now".equals(Meta.annotation(pod, "restarted"))));
        assertThat(going).containsExactly("db-1", "db-0");
        cloud.awaitPods("db", 2);
        JsonNode status = cloud.get(Kinds.STATEFUL_SETS, "db").path("status");
        assertThat(status.path("currentRevision")).isEqualTo(status.path("updateRevision"));
    }

    @Test
    void claimsVolumesThatOutliveItsPods() {
        cloud.workload(
                Kinds.STATEFUL_SETS,
                "db",
                "'replicas':1,'volumeClaimTemplates':[{'metadata':{'name':'data'},'spec':{'accessModes':['ReadWriteOnce']}}]");
        cloud.awaitPods("db", 1);
        assertThat(cloud.get(Kinds.PODS, "db-0")
                        .path("spec")
                        .path("volumes")
                        .path(0)
                        .path("persistentVolumeClaim")
                        .path("claimName")
                        .asString())
                .isEqualTo("data-db-0");
        cloud.scale(Kinds.STATEFUL_SETS, "db", 0);
        cloud.awaitPods("db", 0);
        assertThat(cloud.find(Kinds.PERSISTENT_VOLUME_CLAIMS, "data-db-0")).isNotNull();
        cloud.scale(Kinds.STATEFUL_SETS, "db", 1);
        cloud.awaitPods("db", 1);
        assertThat(cloud.list(Kinds.PERSISTENT_VOLUME_CLAIMS)).hasSize(1);
    }

    @Test
    void daemonSetsHaveOnePodOnEachNode() {
        cloud.workload(Kinds.DAEMON_SETS, "agent", "'minReadySeconds':0");
        cloud.awaitPods("agent", 1);
        assertThat(cloud.get(Kinds.DAEMON_SETS, "agent").path("status"))
                .isEqualTo(Json.parse("{\"observedGeneration\":1,\"desiredNumberScheduled\":1,"
                        + "\"currentNumberScheduled\":1,\"numberMisscheduled\":0,\"numberReady\":1,"
                        + "\"numberAvailable\":1,\"updatedNumberScheduled\":1}"));

        cloud.create(Kinds.NODES, "", "{'metadata':{'name':'node-2'}}");
        cloud.awaitPods("agent", 2);
        assertThat(cloud.pods("agent")).extracting(DaemonSetStatus::node).containsExactlyInAnyOrder("node-1", "node-2");
        cloud.delete(Kinds.NODES, "node-1");
        cloud.awaitPods("agent", 1);

        String name = Meta.name(cloud.pods("agent").getFirst());
        cloud.delete(Kinds.PODS, name);
        await().untilAsserted(() -> assertThat(going).contains(name));
        cloud.awaitPods("agent", 1);
    }
}
