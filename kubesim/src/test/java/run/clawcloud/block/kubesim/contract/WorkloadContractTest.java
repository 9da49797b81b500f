package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Workloads that run until told otherwise, as far as their pods come and go. */
final class WorkloadContractTest extends ContractTest {

    private static final String NOTE = "core.clawcloud.run/original-replicas";
    private static final String LOCK = "{'metadata':{'annotations':{'" + NOTE + "':'2'}},'spec':{'replicas':0}}";
    private static final String UNLOCK = "{'metadata':{'annotations':{'" + NOTE + "':null}},'spec':{'replicas':2}}";

    private final String namespace;
    private final String pods;

    WorkloadContractTest(Api api) {
        super(api);
        namespace = api.namespace();
        pods = Api.path("", namespace, "pods");
    }

    private String group(String group, String plural) {
        return Api.path(group, namespace, plural);
    }

    private List<JsonNode> pods() {
        return api.get(pods).expect(200).items();
    }

    private void awaitPods(int count) {
        Api.eventually(() -> assertThat(pods()).hasSize(count));
    }

    /** Closes the namespace for pods. A quota may need a moment to hold. */
    private void lockWithQuota() {
        api.post(group("", "resourcequotas"), "{'metadata':{'name':'lock'},'spec':{'hard':{'pods':'0'}}}")
                .expect(201);
        Api.eventually(() -> {
            String probe = Api.random();
            Answer answer = api.post(pods, Workloads.pod(probe));
            if (answer.code() == 201) {
                api.delete(pods + "/" + probe, "{}").expect(200);
            }
            answer.refused(403, "Forbidden");
        });
    }

    private void unlockFromQuota() {
        api.delete(group("", "resourcequotas") + "/lock", "{}").expect(200);
    }

    private static String note(JsonNode object) {
        return object.path("metadata").path("annotations").path(NOTE).asString("");
    }

    private JsonNode onlyReplicaSet() {
        List<JsonNode> all = api.get(group("apps", "replicasets")).expect(200).items();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "apps, deployments, Deployment",
        "apps, statefulsets, StatefulSet",
        "apps, replicasets, ReplicaSet",
        "'', replicationcontrollers, ReplicationController"
    })
    void replicas_to_0_and_a_note_in_one_write_take_the_pods_away_and_back_again_bring_new_ones(
            String group, String plural, String kind) {
        String path = group(group, plural);
        String one = path + "/web";
        Answer created = api.post(path, scaled(kind)).expect(201);
        awaitPods(2);
        List<String> before = uids();

        Answer locked = api.mergePatch(one, LOCK).expect(200);
        assertThat(locked.text("/spec/replicas")).isEqualTo("0");
        assertThat(note(locked.body())).isEqualTo("2");
        awaitPods(0);

        api.mergePatch(one, UNLOCK).expect(200);
        awaitPods(2);
        Answer after = api.get(one).expect(200);
        assertThat(after.body().path("spec")).isEqualTo(created.body().path("spec"));
        assertThat(note(after.body())).isEmpty();
        assertThat(uids()).doesNotContainAnyElementsOf(before);
    }

    private List<String> uids() {
        return pods().stream().map(pod -> pod.at("/metadata/uid").asString()).toList();
    }

    private static String scaled(String kind) {
        return switch (kind) {
            case "Deployment" -> Workloads.deployment("web", 2);
            case "StatefulSet" -> Workloads.statefulSet("web", 2);
            case "ReplicaSet" -> Workloads.replicaSet("web", 2);
            default -> Workloads.replicationController("web", 2);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "apps, deployments, Deployment",
        "apps, statefulsets, StatefulSet",
        "apps, replicasets, ReplicaSet",
        "'', replicationcontrollers, ReplicationController"
    })
    void replicas_that_are_not_given_are_1(String group, String plural, String kind) {
        Answer created = api.post(group(group, plural), scaled(kind).replace("'replicas':2,", ""))
                .expect(201);

        assertThat(created.body().at("/spec/replicas").asInt()).isEqualTo(1);
    }

    @Test
    void a_pod_is_owned_by_what_made_it_and_a_ReplicaSet_by_its_Deployment() {
        Answer deployment = api.post(group("apps", "deployments"), Workloads.deployment("web", 1))
                .expect(201);
        awaitPods(1);

        JsonNode replicaSet = onlyReplicaSet();
        JsonNode owner = replicaSet.at("/metadata/ownerReferences/0");
        assertThat(owner.path("kind").asString()).isEqualTo("Deployment");
        assertThat(owner.path("uid").asString()).isEqualTo(deployment.uid());
        assertThat(owner.path("controller").asBoolean()).isTrue();
        owner = pods().getFirst().at("/metadata/ownerReferences/0");
        assertThat(owner.path("kind").asString()).isEqualTo("ReplicaSet");
        assertThat(owner.path("apiVersion").asString()).isEqualTo("apps/v1");
        assertThat(owner.path("uid").asString())
                .isEqualTo(replicaSet.at("/metadata/uid").asString());
        assertThat(owner.path("controller").asBoolean()).isTrue();
    }

    @Test
    void the_annotations_of_a_Deployment_are_copied_to_its_ReplicaSet_updated_and_never_removed() {
        String deployments = group("apps", "deployments");
        api.post(deployments, Workloads.deployment("web", 2)).expect(201);
        awaitPods(2);

        api.mergePatch(deployments + "/web", LOCK).expect(200);
        Api.eventually(() -> {
            assertThat(onlyReplicaSet().at("/spec/replicas").asInt()).isZero();
            assertThat(note(onlyReplicaSet())).isEqualTo("2");
        });
        api.mergePatch(deployments + "/web", "{'metadata':{'annotations':{'" + NOTE + "':'3'}}}")
                .expect(200);
        Api.eventually(() -> assertThat(note(onlyReplicaSet())).isEqualTo("3"));
        api.mergePatch(deployments + "/web", UNLOCK).expect(200);
        Api.eventually(
                () -> assertThat(onlyReplicaSet().at("/spec/replicas").asInt()).isEqualTo(2));

        assertThat(note(onlyReplicaSet())).isEqualTo("3");
    }

    @Test
    void a_copied_annotation_that_is_removed_from_the_ReplicaSet_does_not_come_back() {
        String deployments = group("apps", "deployments");
        api.post(deployments, Workloads.deployment("web", 2)).expect(201);
        awaitPods(2);
        api.mergePatch(deployments + "/web", LOCK).expect(200);
        Api.eventually(() -> assertThat(note(onlyReplicaSet())).isEqualTo("2"));
        api.mergePatch(deployments + "/web", UNLOCK).expect(200);
        JsonNode replicaSet = onlyReplicaSet();

        api.mergePatch(
                        group("apps", "replicasets") + "/"
                                + replicaSet.at("/metadata/name").asString(),
                        "{'metadata':{'uid':'" + replicaSet.at("/metadata/uid").asString() + "','annotations':{'" + NOTE
                                + "':null}}}")
                .expect(200);

        api.mergePatch(deployments + "/web", "{'metadata':{'annotations':{'later':'copied'}}}")
                .expect(200);
        Api.eventually(
                () -> assertThat(onlyReplicaSet().at("/metadata/annotations").has("later"))
                        .isTrue());
        assertThat(note(onlyReplicaSet())).isEmpty();
        awaitPods(2);
    }

    @Test
    void under_a_quota_no_pod_comes_back_whatever_the_workload_says_and_all_do_without_it() {
        String deployments = group("apps", "deployments");
        api.post(deployments, Workloads.deployment("web", 2)).expect(201);
        awaitPods(2);
        lockWithQuota();
        api.mergePatch(deployments + "/web", LOCK).expect(200);
        awaitPods(0);

        api.mergePatch(deployments + "/web", UNLOCK).expect(200);
        Api.eventually(
                () -> assertThat(onlyReplicaSet().at("/status/conditions").toString())
                        .contains("ReplicaFailure")
                        .contains("exceeded quota: lock"));
        assertThat(pods()).isEmpty();

        unlockFromQuota();
        awaitPods(2);
    }

    @Test
    void a_pod_of_a_DaemonSet_does_not_come_back_under_a_quota_and_does_without_it() {
        assumeFalse(api.get("/api/v1/nodes").expect(200).items().isEmpty(), "a DaemonSet needs a node");
        String daemonSets = group("apps", "daemonsets");
        api.post(daemonSets, Workloads.daemonSet("agent")).expect(201);
        Api.eventually(() -> assertThat(pods()).isNotEmpty());
        final int nodes = pods().size();
        lockWithQuota();

        for (JsonNode pod : pods()) {
            String uid = pod.at("/metadata/uid").asString();
            api.delete(pods + "/" + pod.at("/metadata/name").asString(), "{'preconditions':{'uid':'" + uid + "'}}")
                    .expect(200);
        }
        Api.eventually(() -> {
            Answer agent = api.get(daemonSets + "/agent").expect(200);
            assertThat(agent.body().at("/status/desiredNumberScheduled").asInt())
                    .isPositive();
            assertThat(agent.body().at("/status/currentNumberScheduled").asInt())
                    .isZero();
        });
        assertThat(pods()).isEmpty();

        unlockFromQuota();
        awaitPods(nodes);
    }
}
