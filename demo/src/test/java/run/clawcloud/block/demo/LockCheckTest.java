package run.clawcloud.block.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LockCheckTest {
    private static final LockRequest REQUEST = new LockRequest(true, List.of("shop"));
    private static final Instant CREATED = Instant.parse("2029-12-02T00:00:00.900Z");
    private static final Instant NOW = Instant.parse("2029-12-02T00:00:07Z");
    private static final String NAMESPACE = "{'metadata': {'name': 'shop',"
            + " 'labels': {'clawcloud.run/status': 'locked', 'core.clawcloud.run/applied': 'locked'},"
            + " 'annotations': {'clawcloud.run/unlock-timestamp': '2030-01-01T00:00:00Z',"
            + " 'core.clawcloud.run/held-by': 'default/overdue',"
            + " 'core.clawcloud.run/lock-reason': 'the last invoice is overdue'}}}";
    private static final String QUOTA = "{'metadata': {'name': 'block-controller-quota',"
            + " 'labels': {'app.kubernetes.io/managed-by': 'block-controller'}}, 'spec': {'hard': {"
            + LockCheck.CLOSED.stream()
                    .map(limit -> "'" + limit + "': '0'")
                    .sorted()
                    .collect(Collectors.joining(", "))
            + "}}}";

    private static List<String> problems(Example example) {
        return LockCheck.problems(example.content(), REQUEST, CREATED, NOW);
    }

    private static Example locked() {
        return new Example()
                .namespace(NAMESPACE)
                .with(Kind.RESOURCE_QUOTA, QUOTA)
                .with(Kind.DEPLOYMENT, "{'metadata': {'name': 'web'}, 'spec': {'replicas': 0}}")
                .with(Kind.CRON_JOB, "{'metadata': {'name': 'nightly'}, 'spec': {'suspend': true}}");
    }

    @Test
    void findsNothingWrongWithALockedNamespace() {
        assertThat(problems(locked())).isEmpty();
    }

    @Test
    void letsFinishedPodsAndFinishedJobsBe() {
        Example finished = locked().with(Kind.POD, "{'metadata': {'name': 'p1'}, 'status': {'phase': 'Succeeded'}}")
                .with(Kind.POD, "{'metadata': {'name': 'p2'}, 'status': {'phase': 'Failed'}}")
                .with(
                        Kind.JOB,
                        "{'metadata': {'name': 'j'}, 'status': {'conditions': [{'type': 'Complete', 'status': 'True'}]}}");
        assertThat(problems(finished)).isEmpty();
    }

    @Test
    void namesEveryObjectThatIsNotLocked() {
        Example wrong = locked().with(Kind.POD, "{'metadata': {'name': 'p'}, 'status': {'phase': 'Running'}}")
                .with(Kind.REPLICA_SET, "{'metadata': {'name': 'rs'}, 'spec': {'replicas': 2}}")
                .with(Kind.REPLICATION_CONTROLLER, "{'metadata': {'name': 'rc'}, 'spec': {}}")
                .with(Kind.JOB, "{'metadata': {'name': 'j'}, 'status': {'active': 1}}")
                .with(Kind.CRON_JOB, "{'metadata': {'name': 'c'}, 'spec': {'suspend': false}}");
        assertThat(problems(wrong))
                .containsExactly(
                        "Pod shop/p is still there, in phase Running",
                        "ReplicaSet shop/rs: spec.replicas is 2, not 0",
                        "ReplicationController shop/rc: spec.replicas is 1, not 0",
                        "Job shop/j: spec.suspend is not true",
                        "CronJob shop/c: spec.suspend is not true");
    }

    @Test
    void comparesEveryLimitOfTheQuota() {
        Example wrong = new Example()
                .namespace(NAMESPACE)
                .with(
                        Kind.RESOURCE_QUOTA,
                        QUOTA.replace("'pods': '0'", "'pods': '5'").replace("'secrets': '0'", "'count/roles': '0'"));
        assertThat(problems(wrong))
                .containsExactly(
                        "ResourceQuota shop/block-controller-quota: spec.hard[count/roles] is 0, not absent",
                        "ResourceQuota shop/block-controller-quota: spec.hard[pods] is 5, not 0",
                        "ResourceQuota shop/block-controller-quota: spec.hard[secrets] is absent, not 0");
    }

    @Test
    void wantsTheQuotaLabelledSoThatItIsGuarded() {
        Example unlabelled = new Example()
                .namespace(NAMESPACE)
                .with(Kind.RESOURCE_QUOTA, QUOTA.replace("'block-controller'", "'someone'"));
        assertThat(problems(unlabelled))
                .containsExactly("ResourceQuota shop/block-controller-quota: label app.kubernetes.io/managed-by is"
                        + " someone, not block-controller");
    }

    @Test
    void wantsTheHolderAndItsReasonAndTheTimeThatItAskedFor() {
        Example otherwise = locked().namespace(NAMESPACE
                .replace("default/overdue", "default/overdue,default/suspicious")
                .replace("overdue'}", "overdue; mines coins'}")
                .replace("00:00:00Z", "00:00:08Z"));
        assertThat(problems(otherwise))
                .containsExactly(
                        "Namespace shop: annotation core.clawcloud.run/held-by is default/overdue,default/suspicious,"
                                + " not default/overdue",
                        "Namespace shop: annotation core.clawcloud.run/lock-reason is the last invoice is overdue;"
                                + " mines coins, not the last invoice is overdue",
                        "Namespace shop: annotation clawcloud.run/unlock-timestamp is 2030-01-01T00:00:08Z,"
                                + " not between 2030-01-01T00:00:00Z and 2030-01-01T00:00:07Z");
    }

    @Test
    void missesTheQuotaTheMarkTheHolderAndTheTime() {
        Example bare = new Example().namespace("{'metadata': {'name': 'shop'}}");
        assertThat(problems(bare))
                .containsExactly(
                        "Namespace shop: label core.clawcloud.run/applied is null, not locked",
                        "Namespace shop: annotation core.clawcloud.run/held-by is null, not default/overdue",
                        "Namespace shop: annotation core.clawcloud.run/lock-reason is null,"
                                + " not the last invoice is overdue",
                        "Namespace shop: annotation clawcloud.run/unlock-timestamp is null,"
                                + " not between 2030-01-01T00:00:00Z and 2030-01-01T00:00:07Z",
                        "ResourceQuota shop/block-controller-quota is absent");
    }
}
