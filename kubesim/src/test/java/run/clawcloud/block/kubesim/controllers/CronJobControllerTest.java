package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class CronJobControllerTest {

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private void create(String spec, String podAnnotations) {
        cloud.create(Kinds.CRON_JOBS, """
                {'metadata':{'name':'cron'},'spec':{'schedule':'*/10 * * * *',SPEC
                 'jobTemplate':{'metadata':{'labels':{'of':'cron'}},'spec':{
                 'template':{'metadata':{'labels':{'app':'cron'},'annotations':{ANNOTATIONS}},
                  'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}}}
                """.replace("SPEC", spec).replace("ANNOTATIONS", podAnnotations));
        cloud.settle();
    }

    private void passes(Duration time) {
        Instant now = cloud.now.updateAndGet(before -> before.plus(time));
        cloud.edit(Kinds.CRON_JOBS, "cron", cron -> Meta.annotate(cron, "look", now.toString()));
        cloud.settle();
    }

    private JsonNode status() {
        return cloud.get(Kinds.CRON_JOBS, "cron").path("status");
    }

    @Test
    void startsAJobWhenItIsTime() {
        create("", "");
        assertThat(cloud.list(Kinds.JOBS)).isEmpty();

        passes(Duration.ofMinutes(10));
        long minutes = Instant.parse("2026-03-01T10:10:00Z").getEpochSecond() / 60;
        await().untilAsserted(() -> assertThat(cloud.list(Kinds.JOBS)).hasSize(1));
        ObjectNode job = cloud.list(Kinds.JOBS).getFirst();
        assertThat(Meta.name(job)).isEqualTo("cron-" + minutes);
        assertThat(Meta.labels(job)).containsEntry("of", "cron");
        assertThat(Meta.controlledBy(job, Meta.uid(cloud.get(Kinds.CRON_JOBS, "cron"))))
                .isTrue();
        cloud.awaitPods("cron", 1);
        assertThat(status().path("lastScheduleTime").asString()).isEqualTo("2026-03-01T10:10:00Z");
        assertThat(status().path("active").path(0).path("name").asString()).isEqualTo(Meta.name(job));

        passes(Duration.ofMinutes(1));
        assertThat(cloud.list(Kinds.JOBS)).hasSize(1);
    }

    @Test
    void startsNothingWhileSuspendedAndThenOnlyTheLatest() {
        create("'suspend':true,", "");
        passes(Duration.ofMinutes(45));
        assertThat(cloud.list(Kinds.JOBS)).isEmpty();

        cloud.suspend(Kinds.CRON_JOBS, "cron", false);
        await().untilAsserted(() -> assertThat(cloud.list(Kinds.JOBS)).hasSize(1));
        cloud.settle();
        assertThat(status().path("lastScheduleTime").asString()).isEqualTo("2026-03-01T10:40:00Z");
        assertThat(cloud.list(Kinds.JOBS)).hasSize(1);
    }

    @Test
    void startsNothingAfterItsDeadline() {
        create("'startingDeadlineSeconds':60,", "");
        passes(Duration.ofMinutes(15));
        assertThat(cloud.list(Kinds.JOBS)).isEmpty();
    }

    @Test
    void forbidsOrReplacesARunThatStillGoesOn() {
        create("'concurrencyPolicy':'Forbid',", "");
        passes(Duration.ofMinutes(10));
        cloud.awaitPods("cron", 1);
        String first = Meta.name(cloud.list(Kinds.JOBS).getFirst());
        passes(Duration.ofMinutes(10));
        assertThat(cloud.list(Kinds.JOBS))
                .singleElement()
                .extracting(Meta::name)
                .isEqualTo(first);

        cloud.edit(Kinds.CRON_JOBS, "cron", cron -> Json.child(cron, "spec").put("concurrencyPolicy", "Replace"));
        await().untilAsserted(() -> assertThat(cloud.list(Kinds.JOBS))
                .singleElement()
                .extracting(Meta::name)
                .isNotEqualTo(first));
        cloud.awaitPods("cron", 1);
    }

    @Test
    void keepsAsManyFinishedJobsAsItMay() {
        create("'successfulJobsHistoryLimit':2,", "'kubesim.clawcloud.run/run-seconds':'0'");
        for (int run = 0; run < 4; run++) {
            passes(Duration.ofMinutes(10));
            String due = Times.text(cloud.now.get().minusSeconds(30));
            await().untilAsserted(() -> assertThat(cloud.list(Kinds.JOBS))
                    .filteredOn(JobStatus::finished)
                    .anyMatch(job ->
                            due.equals(Meta.annotation(job, "batch.kubernetes.io/cronjob-scheduled-timestamp"))));
            cloud.settle();
        }
        await().untilAsserted(() -> assertThat(cloud.list(Kinds.JOBS)).hasSize(2));
        assertThat(status().has("active")).isFalse();
        assertThat(status().path("lastSuccessfulTime").asString()).isEqualTo(Times.text(cloud.now.get()));
    }
}
