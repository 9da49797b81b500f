package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Jobs and CronJobs, and what suspending them does. */
final class JobContractTest extends ContractTest {

    private static final String NOTE = "core.clawcloud.run/original-suspend";
    private static final String LOCK = "{'metadata':{'annotations':{'" + NOTE + "':'false'}},'spec':{'suspend':true}}";
    private static final String UNLOCK = "{'metadata':{'annotations':{'" + NOTE + "':null}},'spec':{'suspend':false}}";

    private final String jobs;
    private final String pods;
    private final String cronJobs;

    JobContractTest(Api api) {
        super(api);
        String namespace = api.namespace();
        jobs = Api.path("batch", namespace, "jobs");
        cronJobs = Api.path("batch", namespace, "cronjobs");
        pods = Api.path("", namespace, "pods");
    }

    private List<String> podUids() {
        return api.get(pods).expect(200).items().stream()
                .map(pod -> pod.at("/metadata/uid").asString())
                .toList();
    }

    private void awaitPods(int count) {
        Api.eventually(() -> assertThat(podUids()).hasSize(count));
    }

    @Test
    void suspend_is_written_out_where_it_was_not_given() {
        assertThat(api.post(jobs, Workloads.job("once", 1)).expect(201).body().at("/spec/suspend"))
                .hasToString("false");
        assertThat(api.post(cronJobs, Workloads.cronJob("nightly"))
                        .expect(201)
                        .body()
                        .at("/spec/suspend"))
                .hasToString("false");
    }

    @Test
    void a_Job_that_is_suspended_loses_its_pods_and_gets_new_ones_when_it_is_resumed() {
        Answer created = api.post(jobs, Workloads.job("once", 2)).expect(201);
        awaitPods(2);
        List<String> before = podUids();

        Answer locked = api.mergePatch(jobs + "/once", LOCK).expect(200);
        assertThat(locked.body().at("/spec/suspend").asBoolean()).isTrue();
        awaitPods(0);

        api.mergePatch(jobs + "/once", UNLOCK).expect(200);
        awaitPods(2);
        assertThat(podUids()).doesNotContainAnyElementsOf(before);
        Answer after = api.get(jobs + "/once").expect(200);
        assertThat(after.body().path("spec")).isEqualTo(created.body().path("spec"));
        assertThat(after.body().path("metadata").path("annotations").has(NOTE)).isFalse();
    }

    @Test
    void a_CronJob_is_as_it_was_after_it_was_suspended_and_resumed() {
        Answer created = api.post(cronJobs, Workloads.cronJob("nightly")).expect(201);

        Answer locked = api.mergePatch(cronJobs + "/nightly", LOCK).expect(200);
        Answer after = api.mergePatch(cronJobs + "/nightly", UNLOCK).expect(200);

        assertThat(locked.body().at("/spec/suspend").asBoolean()).isTrue();
        assertThat(locked.generation()).isEqualTo(created.generation() + 1);
        assertThat(after.body().path("spec")).isEqualTo(created.body().path("spec"));
        assertThat(after.body().at("/metadata").has("annotations")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Complete, SuccessCriteriaMet, succeeded", "Failed, FailureTarget, failed"})
    void a_Job_that_has_finished_says_so_in_a_condition(String type, String before, String counter) {
        api.post(jobs, Workloads.job("once", 0)).expect(201);
        Api.eventually(() ->
                assertThat(api.get(jobs + "/once").text("/status/startTime")).isNotEmpty());
        String time = api.get(jobs + "/once").text("/status/startTime");
        String condition = "'status':'True','reason':'Contract','message':'','lastProbeTime':'" + time
                + "','lastTransitionTime':'" + time + "'";
        String completionTime = type.equals("Complete") ? "'completionTime':'" + time + "'," : "";

        // A kubelet would have run its pods.
        api.mergePatch(
                        jobs + "/once/status",
                        "{'status':{" + completionTime + "'" + counter + "':1,'conditions':[{'type':'" + before + "',"
                                + condition + "},{'type':'" + type + "'," + condition + "}]}}")
                .expect(200);

        JsonNode conditions = api.get(jobs + "/once").expect(200).body().at("/status/conditions");
        assertThat(conditions
                        .valueStream()
                        .filter(each -> each.path("status").asString().equals("True"))
                        .map(each -> each.path("type").asString()))
                .contains(type);
    }
}
