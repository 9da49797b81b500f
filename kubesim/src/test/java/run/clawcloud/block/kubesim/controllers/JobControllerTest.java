package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class JobControllerTest {

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private void create(String spec, String annotations) {
        cloud.create(Kinds.JOBS, """
                {'metadata':{'name':'job'},'spec':{SPEC
                 'template':{'metadata':{'labels':{'app':'job'},'annotations':{ANNOTATIONS}},
                  'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}
                """.replace("SPEC", spec).replace("ANNOTATIONS", annotations));
    }

    private JsonNode status() {
        return cloud.get(Kinds.JOBS, "job").path("status");
    }

    @Test
    void suspendingDeletesThePodsAndResumingMakesNewOnes() {
        create("'parallelism':2,'completions':2,'suspend':false,", "");
        cloud.awaitPods("job", 2);
        assertThat(status())
                .isEqualTo(Json.parse("{\"startTime\":\"2026-03-01T10:00:30Z\",\"active\":2,\"ready\":2,"
                        + "\"terminating\":0,\"uncountedTerminatedPods\":{}}"));
        ObjectNode before = cloud.get(Kinds.JOBS, "job");

        cloud.now.updateAndGet(now -> now.plusSeconds(60));
        cloud.suspend(Kinds.JOBS, "job", true);
        cloud.awaitPods("job", 0);
        assertThat(status().has("active")).isFalse();
        assertThat(status().path("ready").asInt()).isZero();
        assertThat(Conditions.isTrue(status(), "Suspended")).isTrue();

        cloud.suspend(Kinds.JOBS, "job", false);
        cloud.awaitPods("job", 2);
        assertThat(status().path("startTime").asString()).isEqualTo("2026-03-01T10:01:30Z");
        JsonNode condition = Conditions.find(status(), "Suspended");
        assertThat(condition).isNotNull();
        assertThat(condition.path("status").asString()).isEqualTo("False");
        assertThat(condition.path("reason").asString()).isEqualTo("JobResumed");
        assertThat(cloud.get(Kinds.JOBS, "job").path("spec")).isEqualTo(before.path("spec"));
    }

    @Test
    void aJobCreatedSuspendedWaits() {
        create("'suspend':true,", "");
        cloud.settle();
        await().untilAsserted(() ->
                assertThat(Conditions.isTrue(status(), "Suspended")).isTrue());
        assertThat(cloud.pods("job")).isEmpty();
        assertThat(status().has("startTime")).isFalse();
    }

    @Test
    void completesWhenItsPodsHaveRunTheirTime() {
        create("'completions':2,", "'kubesim.clawcloud.run/run-seconds':'0'");
        await().untilAsserted(() ->
                assertThat(Conditions.isTrue(status(), "Complete")).isTrue());
        cloud.settle();
        assertThat(status().path("succeeded").asInt()).isEqualTo(2);
        assertThat(status().path("completionTime").asString()).isEqualTo("2026-03-01T10:00:30Z");
        assertThat(cloud.pods("job")).hasSize(2).allMatch(Pods::finished);
        long before = cloud.api.store().resourceVersion();
        cloud.suspend(Kinds.JOBS, "job", true);
        cloud.settle();
        assertThat(cloud.api.store().resourceVersion()).isEqualTo(before + 1);
    }

    @Test
    void failsWhenTooManyPodsFail() {
        create("'backoffLimit':0,'parallelism':2,'completions':2,", "");
        cloud.awaitPods("job", 2);
        cloud.edit(
                Kinds.PODS,
                Meta.name(cloud.pods("job").getFirst()),
                Subresource.STATUS,
                pod -> Json.child(pod, "status").put("phase", "Failed"));
        await().untilAsserted(
                        () -> assertThat(Conditions.isTrue(status(), "Failed")).isTrue());
        assertThat(cloud.pods("job")).singleElement().matches(Pods::finished);
    }

    @Test
    void replacesAFailedPodWithinItsLimit() {
        create("", "");
        cloud.awaitPods("job", 1);
        String name = Meta.name(cloud.pods("job").getFirst());
        cloud.edit(
                Kinds.PODS,
                name,
                Subresource.STATUS,
                pod -> Json.child(pod, "status").put("phase", "Failed"));
        await().untilAsserted(() -> assertThat(cloud.pods("job")).hasSize(2).anyMatch(Pods::ready));
        assertThat(status().path("failed").asInt()).isEqualTo(1);
    }

    @Test
    void isClearedAwayAfterItsTime() {
        create("'ttlSecondsAfterFinished':100,", "'kubesim.clawcloud.run/run-seconds':'0'");
        await().untilAsserted(() ->
                assertThat(Conditions.isTrue(status(), "Complete")).isTrue());
        cloud.now.updateAndGet(now -> now.plusSeconds(101));
        cloud.edit(Kinds.JOBS, "job", job -> Meta.annotate(job, "look", "again"));
        await().untilAsserted(() -> assertThat(cloud.find(Kinds.JOBS, "job")).isNull());
    }

    @Test
    void isOverWhenItsDeadlinePasses() {
        create("'activeDeadlineSeconds':100,", "");
        cloud.awaitPods("job", 1);
        cloud.now.updateAndGet(now -> now.plusSeconds(101));
        cloud.edit(Kinds.JOBS, "job", job -> Meta.annotate(job, "look", "again"));
        await().untilAsserted(
                        () -> assertThat(Conditions.isTrue(status(), "Failed")).isTrue());
        assertThat(cloud.pods("job")).isEmpty();
    }
}
