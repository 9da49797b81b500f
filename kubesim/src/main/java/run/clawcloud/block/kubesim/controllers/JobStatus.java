package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a Job stands: what its pods say, and what follows. Completion indexes, pod failure policies and success policies
 * are not looked at.
 *
 * @param active pods that run or will
 * @param terminating pods that are being deleted
 * @param succeeded pods that ended well
 * @param failed pods that didn't
 */
record JobStatus(List<ObjectNode> active, int terminating, int succeeded, int failed) {

    static JobStatus of(JsonNode job, List<ObjectNode> pods) {
        return new JobStatus(
                pods.stream().filter(Pods::active).toList(),
                (int) pods.stream()
                        .filter(pod -> Meta.deleting(pod) && !Pods.finished(pod))
                        .count(),
                // Finished pods may have been deleted since they were counted.
                Math.max(count(job, "succeeded"), count(pods, "Succeeded")),
                Math.max(count(job, "failed"), count(pods, "Failed")));
    }

    private static int count(JsonNode job, String field) {
        return job.path("status").path(field).asInt(0);
    }

    private static int count(List<ObjectNode> pods, String phase) {
        return (int) pods.stream().filter(pod -> Pods.phase(pod).equals(phase)).count();
    }

    static boolean suspended(JsonNode job) {
        return job.path("spec").path("suspend").asBoolean(false);
    }

    /** Whether it is complete or has failed: nothing changes any more. */
    static boolean finished(JsonNode job) {
        return Conditions.isTrue(job.path("status"), "Complete") || Conditions.isTrue(job.path("status"), "Failed");
    }

    /** How many pods are to run; none while suspended, and none once it has failed. */
    int wanted(JsonNode job, Instant now) {
        JsonNode spec = job.path("spec");
        int parallelism = spec.path("parallelism").asInt(1);
        if (suspended(job) || failure(job, now) != null) {
            return 0;
        }
        if (spec.hasNonNull("completions")) {
            return Math.max(0, Math.min(parallelism, spec.path("completions").asInt() - succeeded));
        }
        return succeeded > 0 ? Math.min(active.size(), parallelism) : parallelism;
    }

    /** Why the Job has failed: reason and message; null if it hasn't. */
    String @Nullable [] failure(JsonNode job, Instant now) {
        if (failed > job.path("spec").path("backoffLimit").asInt(6)) {
            return new String[] {"BackoffLimitExceeded", "Job has reached the specified backoff limit"};
        }
        Duration deadline = untilDeadline(job, now);
        return deadline != null && deadline.isZero()
                ? new String[] {"DeadlineExceeded", "Job was active longer than specified deadline"}
                : null;
    }

    /** How long it may still run; null if that is not limited or it does not run. */
    static @Nullable Duration untilDeadline(JsonNode job, Instant now) {
        JsonNode seconds = job.path("spec").path("activeDeadlineSeconds");
        Instant start = Times.parse(job.path("status").path("startTime"));
        return !seconds.isNumber() || start == null || suspended(job)
                ? null
                : Times.until(start.plusSeconds(seconds.asLong()), now);
    }

    private boolean complete(JsonNode job) {
        JsonNode completions = job.path("spec").path("completions");
        return active.isEmpty() && (completions.isNumber() ? succeeded >= completions.asInt() : succeeded > 0);
    }

    /** The status that describes this, as {@code syncJob} of kube-controller-manager writes it. */
    ObjectNode describe(JsonNode job, Instant now) {
        ObjectNode status = job.get("status") instanceof ObjectNode before ? before.deepCopy() : Json.object();
        String time = Times.text(now);
        if (!status.has("startTime") && !suspended(job)) {
            status.put("startTime", time);
        }
        Meta.putUnlessZero(status, "active", active.size());
        status.put("ready", (int) active.stream().filter(Pods::ready).count());
        status.put("terminating", terminating);
        Json.child(status, "uncountedTerminatedPods");
        Meta.putUnlessZero(status, "succeeded", succeeded);
        Meta.putUnlessZero(status, "failed", failed);
        String[] failure = failure(job, now);
        if (failure != null) {
            condition(status, "FailureTarget", true, failure[0], failure[1], time);
            if (active.isEmpty() && terminating == 0) {
                condition(status, "Failed", true, failure[0], failure[1], time);
            }
        } else if (complete(job)) {
            String message = "Reached expected number of succeeded pods";
            condition(status, "SuccessCriteriaMet", true, "CompletionsReached", message, time);
            condition(status, "Complete", true, "CompletionsReached", message, time);
            status.put("completionTime", time);
        } else if (suspended(job)) {
            condition(status, "Suspended", true, "JobSuspended", "Job suspended", time);
        } else if (Conditions.isTrue(status, "Suspended")) {
            condition(status, "Suspended", false, "JobResumed", "Job resumed", time);
            // A Job that is resumed starts anew: its deadline does not run while it is suspended.
            status.put("startTime", time);
        }
        return status;
    }

    /** Unlike elsewhere, a condition that changes keeps its place. */
    private static void condition(
            ObjectNode status, String type, boolean value, String reason, String message, String now) {
        ObjectNode condition = Conditions.find(status, type);
        String text = value ? "True" : "False";
        if (condition == null) {
            condition = (status.get("conditions") instanceof ArrayNode present
                            ? present
                            : status.putArray("conditions"))
                    .addObject()
                    .put("type", type);
        } else if (condition.path("status").asString("").equals(text)) {
            return;
        }
        condition
                .put("status", text)
                .put("lastProbeTime", now)
                .put("lastTransitionTime", now)
                .put("reason", reason)
                .put("message", message);
    }
}
