package run.clawcloud.block.kubesim.controllers;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates the Jobs of CronJobs when they are due. As on a real cluster, a run that was missed, because the CronJob was
 * suspended for example, is made up for, but only the latest.
 */
final class CronJobController implements Reconciler {

    private static final Comparator<JsonNode> OLDEST_FIRST = Comparator.<JsonNode, String>comparing(
                    job -> job.path("status").path("startTime").asString("~"))
            .thenComparing(Meta::name);

    private final Cluster cluster;

    CronJobController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode cronJob = cluster.find(Kinds.CRON_JOBS, key);
        if (cronJob == null) {
            return null;
        }
        List<ObjectNode> jobs = cluster.list(Kinds.JOBS, key.namespace()).stream()
                .map(StoredObject::tree)
                .filter(job -> Meta.controlledBy(job, Meta.uid(cronJob)))
                .toList();
        ObjectNode status = cronJob.get("status") instanceof ObjectNode before ? before.deepCopy() : Json.object();
        follow(status, jobs);
        boolean runs =
                !Meta.deleting(cronJob) && !cronJob.path("spec").path("suspend").asBoolean(false);
        CronSchedule schedule = runs ? schedule(cronJob) : null;
        try {
            return schedule == null ? null : start(cronJob, status, jobs, schedule);
        } finally {
            clearAway(cronJob, jobs);
            cluster.writeStatus(Kinds.CRON_JOBS, cronJob, status);
        }
    }

    /** Null when the schedule or its time zone can't be read: then nothing runs until they are changed. */
    private static @Nullable CronSchedule schedule(JsonNode cronJob) {
        try {
            JsonNode zone = cronJob.path("spec").path("timeZone");
            return CronSchedule.parse(
                    cronJob.path("spec").path("schedule").asString(""),
                    zone.isString() ? ZoneId.of(zone.asString()) : ZoneOffset.UTC);
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    /** Takes what has finished or is gone off the list of active Jobs. */
    private static void follow(ObjectNode status, List<ObjectNode> jobs) {
        if (status.get("active") instanceof ArrayNode active) {
            for (int i = active.size() - 1; i >= 0; i--) {
                String uid = active.get(i).path("uid").asString("");
                if (jobs.stream().noneMatch(job -> Meta.uid(job).equals(uid) && !JobStatus.finished(job))) {
                    active.remove(i);
                }
            }
            if (active.isEmpty()) {
                status.remove("active");
            }
        }
        jobs.stream()
                .map(job -> job.path("status").path("completionTime").asString(""))
                .filter(time -> time.compareTo(status.path("lastSuccessfulTime").asString("")) > 0)
                .max(Comparator.naturalOrder())
                .ifPresent(time -> status.put("lastSuccessfulTime", time));
    }

    /** Starts what is due. Returns how long until the next is. */
    private @Nullable Duration start(
            ObjectNode cronJob, ObjectNode status, List<ObjectNode> jobs, CronSchedule schedule) {
        Instant now = cluster.now();
        Instant due = latestDue(cronJob, status, schedule, now);
        if (due != null && !tooLate(cronJob, due, now) && mayStart(cronJob, status, jobs)) {
            ObjectNode job = create(cronJob, due);
            if (job != null) {
                (status.get("active") instanceof ArrayNode active ? active : status.putArray("active"))
                        .addObject()
                        .put("kind", "Job")
                        .put("namespace", Meta.namespace(job))
                        .put("name", Meta.name(job))
                        .put("uid", Meta.uid(job))
                        .put("apiVersion", "batch/v1")
                        .put(
                                "resourceVersion",
                                job.path("metadata").path("resourceVersion").asString(""));
                status.put("lastScheduleTime", Times.text(due));
            }
        }
        return schedule.next(now).map(next -> Times.until(next, now)).orElse(null);
    }

    private static @Nullable Instant latestDue(JsonNode cronJob, JsonNode status, CronSchedule schedule, Instant now) {
        Instant last = Times.parse(status.path("lastScheduleTime"));
        Instant since =
                last != null ? last : Times.parse(cronJob.path("metadata").path("creationTimestamp"));
        if (since == null) {
            return null;
        }
        Optional<Instant> next = schedule.next(since);
        if (next.isEmpty() || next.get().isAfter(now)) {
            return null;
        }
        // Steps back from now in growing strides, so that a year of missed minutes is not counted through.
        Duration stride = Duration.ofMinutes(1);
        Instant from = now.minus(stride);
        while (from.isAfter(since)
                && schedule.next(from).filter(time -> !time.isAfter(now)).isEmpty()) {
            stride = stride.multipliedBy(2);
            from = now.minus(stride);
        }
        Instant latest = from.isAfter(since) ? schedule.next(from).orElseThrow() : next.get();
        for (Optional<Instant> later = schedule.next(latest);
                later.isPresent() && !later.get().isAfter(now);
                later = schedule.next(latest)) {
            latest = later.get();
        }
        return latest;
    }

    private static boolean tooLate(JsonNode cronJob, Instant due, Instant now) {
        JsonNode deadline = cronJob.path("spec").path("startingDeadlineSeconds");
        return deadline.isNumber() && due.plusSeconds(deadline.asLong()).isBefore(now);
    }

    private boolean mayStart(JsonNode cronJob, ObjectNode status, List<ObjectNode> jobs) {
        boolean busy = !status.path("active").isEmpty();
        return switch (cronJob.path("spec").path("concurrencyPolicy").asString("Allow")) {
            case "Forbid" -> !busy;
            case "Replace" -> {
                jobs.stream().filter(job -> !JobStatus.finished(job)).forEach(job -> cluster.delete(Kinds.JOBS, job));
                status.remove("active");
                yield true;
            }
            default -> true;
        };
    }

    /** Null if the Job of that time is there already. */
    private @Nullable ObjectNode create(ObjectNode cronJob, Instant due) {
        JsonNode template = cronJob.path("spec").path("jobTemplate");
        ObjectNode job = Json.object().put("kind", "Job").put("apiVersion", "batch/v1");
        ObjectNode metadata = job.putObject("metadata");
        metadata.put("name", Meta.name(cronJob) + "-" + due.getEpochSecond() / 60)
                .put("namespace", Meta.namespace(cronJob));
        JsonNode labels = template.path("metadata").path("labels");
        if (!labels.isEmpty()) {
            metadata.set("labels", labels.deepCopy());
        }
        ObjectNode annotations = metadata.putObject("annotations");
        Meta.strings(template.path("metadata").path("annotations")).forEach(annotations::put);
        annotations.put("batch.kubernetes.io/cronjob-scheduled-timestamp", Times.text(due));
        Meta.setController(job, Kinds.CRON_JOBS, cronJob);
        job.set("spec", template.path("spec").deepCopy());
        try {
            return cluster.create(Kinds.JOBS, job);
        } catch (ApiException e) {
            if (e.reason().equals("AlreadyExists")) {
                return null;
            }
            throw e;
        }
    }

    /** Keeps the history within its limits. */
    private void clearAway(JsonNode cronJob, List<ObjectNode> jobs) {
        clearAway(
                jobs,
                "Complete",
                cronJob.path("spec").path("successfulJobsHistoryLimit").asInt(3));
        clearAway(
                jobs,
                "Failed",
                cronJob.path("spec").path("failedJobsHistoryLimit").asInt(1));
    }

    private void clearAway(List<ObjectNode> jobs, String condition, int limit) {
        List<ObjectNode> ended = jobs.stream()
                .filter(job -> Conditions.isTrue(job.path("status"), condition))
                .sorted(OLDEST_FIRST)
                .toList();
        ended.stream().limit(Math.max(0, ended.size() - limit)).forEach(job -> cluster.delete(Kinds.JOBS, job));
    }
}
