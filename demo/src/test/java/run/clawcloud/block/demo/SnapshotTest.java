package run.clawcloud.block.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private static final String OWNED =
            "'ownerReferences': [{'kind': 'ReplicaSet', 'name': 'web-1', 'controller': true}]";

    private static List<String> differences(Example before, Example after) {
        return Snapshot.of(before.content()).differences(after.content());
    }

    @Test
    void ignoresWhatEveryWriteCounts() {
        assertThat(differences(
                        new Example()
                                .with(
                                        Kind.DEPLOYMENT,
                                        "{'metadata': {'name': 'web', 'resourceVersion': '1', 'generation': 1},"
                                                + " 'spec': {'replicas': 3}, 'status': {'observedGeneration': 1}}"),
                        new Example()
                                .with(
                                        Kind.DEPLOYMENT,
                                        "{'metadata': {'name': 'web', 'resourceVersion': '9', 'generation': 3,"
                                                + " 'managedFields': [{'manager': 'x'}]},"
                                                + " 'spec': {'replicas': 3}, 'status': {'observedGeneration': 3}}")))
                .isEmpty();
    }

    @Test
    void namesObjectAndPathOfADifference() {
        assertThat(differences(
                        new Example().with(Kind.STATEFUL_SET, "{'metadata': {'name': 'db'}, 'spec': {'replicas': 3}}"),
                        new Example().with(Kind.STATEFUL_SET, "{'metadata': {'name': 'db'}, 'spec': {'replicas': 0}}")))
                .containsExactly("StatefulSet shop/db: spec.replicas: before 3, after 0");
    }

    @Test
    void findsANoteThatWasLeftBehindOnACopy() {
        assertThat(differences(
                        new Example()
                                .with(Kind.REPLICA_SET, "{'metadata': {'name': 'web-1', 'annotations': {'a': 'b'}}}"),
                        new Example()
                                .with(
                                        Kind.REPLICA_SET,
                                        "{'metadata': {'name': 'web-1', 'annotations': {'a': 'b',"
                                                + " 'core.clawcloud.run/original-replicas': '3'}}}")))
                .containsExactly("ReplicaSet shop/web-1: metadata.annotations.core.clawcloud.run/original-replicas:"
                        + " before absent, after \"3\"");
    }

    @Test
    void findsObjectsThatAppearedVanishedOrWereMadeAnew() {
        assertThat(differences(
                        new Example()
                                .with(Kind.SECRET, "{'metadata': {'name': 'old'}}")
                                .with(Kind.SERVICE, "{'metadata': {'name': 'web', 'uid': 'u1'}}"),
                        new Example()
                                .with(Kind.RESOURCE_QUOTA, "{'metadata': {'name': 'block-controller-quota'}}")
                                .with(Kind.SERVICE, "{'metadata': {'name': 'web', 'uid': 'u2'}}")))
                .containsExactly(
                        "ResourceQuota shop/block-controller-quota was not there before",
                        "Secret shop/old is gone",
                        "Service shop/web: metadata.uid: before \"u1\", after \"u2\"");
    }

    @Test
    void comparesConditionsButNotTheirTimes() {
        String before = "{'metadata': {'name': 'web'}, 'status': {'conditions': [{'type': 'Available',"
                + " 'status': 'True', 'lastUpdateTime': '1', 'lastTransitionTime': '1'}]}}";
        assertThat(differences(
                        new Example().with(Kind.DEPLOYMENT, before),
                        new Example().with(Kind.DEPLOYMENT, before.replace("'1'", "'2'"))))
                .isEmpty();
        assertThat(differences(
                        new Example().with(Kind.DEPLOYMENT, before),
                        new Example().with(Kind.DEPLOYMENT, before.replace("True", "False"))))
                .containsExactly(
                        "Deployment shop/web: status.conditions.Available.status: before \"True\", after \"False\"");
    }

    @Test
    void comparesConditionsByTypeWhateverTheirOrder() {
        String one = "{'type': 'Available', 'status': 'True'}";
        String other = "{'type': 'Progressing', 'status': 'True'}";
        String object = "{'metadata': {'name': 'web'}, 'status': {'conditions': [%s, %s]}}";
        assertThat(differences(
                        new Example().with(Kind.DEPLOYMENT, object.formatted(one, other)),
                        new Example().with(Kind.DEPLOYMENT, object.formatted(other, one))))
                .isEmpty();
    }

    @Test
    void ignoresTheStartTimeOfAJobButNotOfOthers() {
        String before = "{'metadata': {'name': 'x'}, 'status': {'startTime': '1'}}";
        String after = "{'metadata': {'name': 'x'}, 'status': {'startTime': '2'}}";
        assertThat(differences(new Example().with(Kind.JOB, before), new Example().with(Kind.JOB, after)))
                .isEmpty();
        assertThat(differences(new Example().with(Kind.SERVICE, before), new Example().with(Kind.SERVICE, after)))
                .hasSize(1);
    }

    @Test
    void ignoresThatAJobWasSuspendedOnceButNotThatItIs() {
        Example before = new Example().with(Kind.JOB, "{'metadata': {'name': 'x'}, 'status': {'active': 1}}");
        String after = "{'metadata': {'name': 'x'}, 'status': {'active': 1,"
                + " 'conditions': [{'type': 'Suspended', 'status': 'False'}]}}";
        assertThat(differences(before, new Example().with(Kind.JOB, after))).isEmpty();
        assertThat(differences(before, new Example().with(Kind.JOB, after.replace("False", "True"))))
                .hasSize(1);
    }

    @Test
    void countsThePodsOfEachOwnerInsteadOfNamingThem() {
        Example before = new Example()
                .with(Kind.POD, "{'metadata': {'name': 'web-1-a', " + OWNED + "}, 'status': {'phase': 'Running'}}")
                .with(Kind.POD, "{'metadata': {'name': 'web-1-b', " + OWNED + "}, 'status': {'phase': 'Running'}}");
        Example back = new Example()
                .with(Kind.POD, "{'metadata': {'name': 'web-1-c', " + OWNED + "}, 'status': {'phase': 'Pending'}}")
                .with(Kind.POD, "{'metadata': {'name': 'web-1-d', " + OWNED + "}, 'status': {'phase': 'Running'}}");
        Example oneShort = new Example()
                .with(Kind.POD, "{'metadata': {'name': 'web-1-c', " + OWNED + "}, 'status': {'phase': 'Running'}}");
        assertThat(differences(before, back)).isEmpty();
        assertThat(differences(before, oneShort))
                .containsExactly("number of pods of ReplicaSet shop/web-1: before 2, after 1");
    }

    @Test
    void expectsFinishedPodsToStayAndPodsOfNobodyToGo() {
        String finished = "{'metadata': {'name': 'migration'}, 'status': {'phase': 'Succeeded'}}";
        String bare = "{'metadata': {'name': 'debug'}, 'status': {'phase': 'Running'}}";
        assertThat(differences(
                        new Example().with(Kind.POD, finished).with(Kind.POD, bare),
                        new Example().with(Kind.POD, finished)))
                .isEmpty();
        assertThat(differences(new Example().with(Kind.POD, finished), new Example()))
                .containsExactly("Pod shop/migration is gone");
    }

    @Test
    void allowsTheLabelOfAReleasedNamespaceAndNoOther() {
        Example before = new Example().namespace("{'metadata': {'name': 'shop'}}");
        assertThat(
                        differences(
                                before,
                                new Example()
                                        .namespace(
                                                "{'metadata': {'name': 'shop', 'labels': {'clawcloud.run/status': 'active'}}}")))
                .isEmpty();
        assertThat(differences(
                        before,
                        new Example()
                                .namespace("{'metadata': {'name': 'shop',"
                                        + " 'annotations': {'core.clawcloud.run/held-by': 'default/overdue'}}}")))
                .containsExactly("Namespace shop: metadata.annotations: before absent, after"
                        + " {\"core.clawcloud.run/held-by\":\"default/overdue\"}");
        assertThat(differences(
                        before,
                        new Example()
                                .namespace("{'metadata': {'name': 'shop', 'labels': {'clawcloud.run/status': 'active',"
                                        + " 'core.clawcloud.run/applied': 'locking'}}}")))
                .containsExactly("Namespace shop: metadata.labels: before absent, after"
                        + " {\"core.clawcloud.run/applied\":\"locking\"}");
    }
}
