package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * ResourceQuotas, and what they keep out.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/policy/resource-quotas/">Resource quotas</a>
 */
final class QuotaContractTest extends ContractTest {

    private static final String HARD =
            "'pods':'0','services':'0','replicationcontrollers':'0','secrets':'0','configmaps':'0',"
                    + "'persistentvolumeclaims':'0','services.nodeports':'0','services.loadbalancers':'0',"
                    + "'requests.cpu':'0','requests.memory':'0','limits.cpu':'0','limits.memory':'0'";

    private final String namespace;
    private final String quotas;
    private final String quota;

    QuotaContractTest(Api api) {
        super(api);
        namespace = api.namespace();
        quotas = Api.path("", namespace, "resourcequotas");
        quota = quotas + "/lock";
    }

    private Answer lock(String spec) {
        return api.post(quotas, "{'metadata':{'name':'lock'},'spec':{" + spec + "}}");
    }

    /** The quota controller has seen the quota as it is: from then on it holds as it is. */
    private void awaitStatus() {
        Api.eventually(() -> {
            Answer now = api.get(quota);
            assertThat(now.body().at("/status/hard")).isEqualTo(now.body().at("/spec/hard"));
            assertThat(now.body().at("/status/used").isMissingNode()).isFalse();
        });
    }

    private static String limited(String name) {
        return "{'metadata':{'name':'" + name + "'},'spec':{'containers':[{'name':'c',"
                + "'image':'registry.k8s.io/pause:3.10','resources':{"
                + "'limits':{'cpu':'1m','memory':'1Mi'},'requests':{'cpu':'1m','memory':'1Mi'}}}]}}";
    }

    private Answer create(String plural, String json) {
        return api.post(Api.path("", namespace, plural), json);
    }

    @Test
    void a_quota_stands_as_it_was_written() {
        Answer created = lock("'hard':{" + HARD + "}").expect(201);

        assertThat(created.body().at("/spec/hard").properties())
                .hasSize(12)
                .allMatch(each -> each.getValue().asString().equals("0"));
        assertThat(api.get(quota).expect(200).body().at("/spec"))
                .isEqualTo(created.body().at("/spec"));
    }

    @Test
    void a_quota_that_is_there_already_is_409_AlreadyExists() {
        lock("'hard':{" + HARD + "}").expect(201);

        Answer refusal = lock("'hard':{'pods':'1'}").refused(409, "AlreadyExists");

        assertThat(refusal.text("/details/name")).isEqualTo("lock");
        assertThat(api.get(quota).text("/spec/hard/pods")).isEqualTo("0");
    }

    @Test
    void a_quota_holds_at_once_or_where_something_was_created_before_within_moments() {
        create("pods", Workloads.pod("before")).expect(201);
        lock("'hard':{" + HARD + "}").expect(201);

        // Admission remembers for 30 s that a namespace has no quota, until its watch tells it otherwise: 3 to 25 ms
        // were seen. A pod can slip in between.
        Api.eventually(() -> assertThat(create("pods", limited(Api.random()))
                        .refused(403, "Forbidden")
                        .message())
                .contains("quota: lock"));
        create("pods", limited("late")).refused(403, "Forbidden");
    }

    @Test
    void a_pod_that_exceeds_the_quota_is_403_and_told_by_how_much() {
        lock("'hard':{" + HARD + "}").expect(201);
        awaitStatus();

        Answer refusal = create("pods", limited("limited")).refused(403, "Forbidden");

        assertThat(refusal.message())
                .isEqualTo("pods \"limited\" is forbidden: exceeded quota: lock, requested: limits.cpu=1m,"
                        + "limits.memory=1Mi,pods=1,requests.cpu=1m,requests.memory=1Mi, used: limits.cpu=0,"
                        + "limits.memory=0,pods=0,requests.cpu=0,requests.memory=0, limited: limits.cpu=0,"
                        + "limits.memory=0,pods=0,requests.cpu=0,requests.memory=0");
        assertThat(refusal.text("/details/kind")).isEqualTo("pods");
    }

    @Test
    void a_pod_without_limits_is_403_and_told_which_it_must_specify() {
        lock("'hard':{" + HARD + "}").expect(201);
        awaitStatus();

        assertThat(create("pods", Workloads.pod("a")).refused(403, "Forbidden").message())
                .isEqualTo("pods \"a\" is forbidden: failed quota: lock: must specify limits.cpu for: c;"
                        + " limits.memory for: c; requests.cpu for: c; requests.memory for: c");
    }

    @Test
    void nothing_else_that_the_quota_counts_can_be_created() {
        lock("'hard':{" + HARD + "}").expect(201);
        awaitStatus();

        create("configmaps", "{'metadata':{'name':'a'}}").refused(403, "Forbidden");
        create("secrets", "{'metadata':{'name':'a'}}").refused(403, "Forbidden");
        create("services", "{'metadata':{'name':'a'},'spec':{'ports':[{'port':80}]}}")
                .refused(403, "Forbidden");
        create("replicationcontrollers", Workloads.replicationController("a", 0))
                .refused(403, "Forbidden");
        create(
                        "persistentvolumeclaims",
                        "{'metadata':{'name':'a'},'spec':{'accessModes':['ReadWriteOnce'],"
                                + "'resources':{'requests':{'storage':'1Gi'}}}}")
                .refused(403, "Forbidden");
        create("serviceaccounts", "{'metadata':{'name':'a'}}").expect(201);
        api.post(Api.path("apps", namespace, "deployments"), Workloads.deployment("a", 1))
                .expect(201);
    }

    @Test
    void what_stands_can_still_be_changed_and_deleted() {
        create("configmaps", "{'metadata':{'name':'a'}}").expect(201);
        lock("'hard':{" + HARD + "}").expect(201);
        awaitStatus();
        String path = Api.path("", namespace, "configmaps") + "/a";

        api.mergePatch(path, "{'data':{'k':'v'}}").expect(200);
        api.delete(path, "{}").expect(200);
    }

    @Test
    void a_merge_patch_of_hard_with_null_removes_an_entry() {
        lock("'hard':{'pods':'5','services':'1','count/jobs.batch':'3'}").expect(201);
        // The quota controller writes the status, and with it another resourceVersion.
        awaitStatus();
        String version = api.get(quota).resourceVersion();

        Answer patched = api.mergePatch(
                        quota,
                        "{'metadata':{'resourceVersion':'" + version + "'},'spec':{'scopes':null,'scopeSelector':null,"
                                + "'hard':{'count/jobs.batch':null,'services':null,'pods':'0'}}}")
                .expect(200);

        assertThat(patched.body().at("/spec")).hasToString("{\"hard\":{\"pods\":\"0\"}}");
    }

    @Test
    void a_quota_that_was_altered_holds_as_soon_as_the_quota_controller_has_seen_it() {
        lock("'hard':{'pods':'5'}").expect(201);
        awaitStatus();
        api.mergePatch(quota, "{'spec':{'hard':{'pods':'0'}}}").expect(200);
        awaitStatus();

        create("pods", Workloads.pod("a")).refused(403, "Forbidden");
    }

    @Test
    void scopes_can_not_be_changed() {
        lock("'hard':{'pods':'0'},'scopes':['BestEffort']").expect(201);

        Answer refusal = api.mergePatch(quota, "{'spec':{'scopes':null}}").refused(422, "Invalid");

        assertThat(refusal.causes()).containsExactly("FieldValueInvalid spec.scopes");
        assertThat(refusal.message()).contains("field is immutable");
    }

    @Test
    void a_quota_with_a_scope_holds_for_the_pods_of_that_scope_only() {
        lock("'hard':{'pods':'0'},'scopes':['BestEffort']").expect(201);
        awaitStatus();

        create("pods", Workloads.pod("best-effort")).refused(403, "Forbidden");
        create("pods", limited("limited")).expect(201);
    }

    @Test
    void a_quantity_that_is_none_is_422_Invalid() {
        lock("'hard':{'pods':'-1'}").refused(422, "Invalid");
    }

    @Test
    void pods_can_be_created_again_once_the_quota_is_deleted() {
        lock("'hard':{" + HARD + "}").expect(201);
        awaitStatus();
        create("pods", limited("limited")).refused(403, "Forbidden");

        api.delete(quota, "{'apiVersion':'v1','kind':'DeleteOptions'}").expect(200);

        Api.eventually(() -> create("pods", limited("limited")).expect(201));
        api.get(quota).refused(404, "NotFound");
    }
}
