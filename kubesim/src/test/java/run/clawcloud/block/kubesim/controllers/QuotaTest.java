package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;

/** Numbers and texts are those of a kube-apiserver 1.32 that was asked the same. */
class QuotaTest {

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private void pod(String name, String resources) {
        cloud.create(
                Kinds.PODS,
                "{'metadata':{'name':'NAME'},'spec':{'containers':[{'name':'c','image':'x','resources':RESOURCES}]}}"
                        .replace("NAME", name)
                        .replace("RESOURCES", resources));
    }

    private void quota(String hard) {
        cloud.create(Kinds.RESOURCE_QUOTAS, "{'metadata':{'name':'q'},'spec':{'hard':{HARD}}}".replace("HARD", hard));
    }

    @Test
    void refusesWhatIsTooMuchAndTellsHowMuchIsUsed() {
        quota("'pods':'1','requests.cpu':'100m','limits.memory':'1Gi','services':'1','count/deployments.apps':'1',"
                + "'services.nodeports':'0'");
        String resources = "{'requests':{'cpu':'60m','memory':'64Mi'},'limits':{'memory':'600Mi'}}";
        pod("pa", resources);
        assertThatThrownBy(() -> pod("pb", resources))
                .hasMessage("pods \"pb\" is forbidden: exceeded quota: q, requested: limits.memory=600Mi,pods=1,"
                        + "requests.cpu=60m, used: limits.memory=600Mi,pods=1,requests.cpu=60m, limited: "
                        + "limits.memory=1Gi,pods=1,requests.cpu=100m");
        assertThatThrownBy(() -> pod("pc", "{}"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(403))
                .hasMessage("pods \"pc\" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu"
                        + " for: c");
        assertThatThrownBy(() -> cloud.create(
                        Kinds.SERVICES, "{'metadata':{'name':'s'},'spec':{'type':'NodePort','ports':[{'port':80}]}}"))
                .hasMessageEndingWith("exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=0,"
                        + " limited: services.nodeports=0");
        cloud.workload(Kinds.DEPLOYMENTS, "d1", "'replicas':0");
        assertThatThrownBy(() -> cloud.workload(Kinds.DEPLOYMENTS, "d2", "'replicas':0"))
                .hasMessageContaining("exceeded quota: q, requested: count/deployments.apps=1");

        await().untilAsserted(() -> assertThat(
                        cloud.get(Kinds.RESOURCE_QUOTAS, "q").path("status"))
                .isEqualTo(Json.parse("{\"hard\":{\"count/deployments.apps\":\"1\",\"limits.memory\":\"1Gi\","
                        + "\"pods\":\"1\",\"requests.cpu\":\"100m\",\"services\":\"1\","
                        + "\"services.nodeports\":\"0\"},\"used\":{\"count/deployments.apps\":\"1\","
                        + "\"limits.memory\":\"600Mi\",\"pods\":\"1\",\"requests.cpu\":\"60m\","
                        + "\"services\":\"0\",\"services.nodeports\":\"0\"}}")));
    }

    @Test
    void aFinishedOrDeletedPodMakesRoom() {
        quota("'pods':'1'");
        pod("a", "{}");
        cloud.delete(Kinds.PODS, "a");
        await().untilAsserted(() -> assertThat(cloud.find(Kinds.PODS, "a")).isNull());
        pod("b", "{}");
        await().untilAsserted(() -> assertThat(cloud.get(Kinds.RESOURCE_QUOTAS, "q")
                        .path("status")
                        .path("used")
                        .path("pods")
                        .asString())
                .isEqualTo("1"));
    }

    @Test
    void holdsWhenManyComeAtOnce() throws InterruptedException {
        quota("'pods':'3'");
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tries = IntStream.range(0, 40)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        try {
                            pod("p" + i, "{}");
                            return true;
                        } catch (ApiException e) {
                            return false;
                        }
                    })
                    .toList();
            assertThat(many.invokeAll(tries))
                    .filteredOn(future -> future.resultNow())
                    .hasSize(3);
        }
        assertThat(cloud.list(Kinds.PODS)).hasSize(3);
    }

    @Test
    void lockedWorkloadsComeBackWhenTheQuotaGoes() {
        cloud.workload(Kinds.DAEMON_SETS, "agent", "'minReadySeconds':0");
        cloud.workload(Kinds.STATEFUL_SETS, "db", "'replicas':2");
        cloud.awaitPods("agent", 1);
        cloud.awaitPods("db", 2);
        cloud.lockOut();
        cloud.list(Kinds.PODS).forEach(pod -> cloud.delete(Kinds.PODS, Meta.name(pod)));
        cloud.scale(Kinds.STATEFUL_SETS, "db", 0);
        cloud.awaitPods("db", 0);
        cloud.awaitPods("agent", 0);
        assertThat(cloud.list(Kinds.PODS)).isEmpty();

        cloud.scale(Kinds.STATEFUL_SETS, "db", 2);
        cloud.settle();
        assertThat(cloud.list(Kinds.PODS)).isEmpty();
        cloud.delete(Kinds.RESOURCE_QUOTAS, "lock");
        cloud.awaitPods("agent", 1);
        cloud.awaitPods("db", 2);
    }
}
