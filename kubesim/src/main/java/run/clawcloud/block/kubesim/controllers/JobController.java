package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.ObjectKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs the pods of Jobs, and clears Jobs away whose time after the end is over. */
final class JobController implements Reconciler {

    private final Cluster cluster;

    JobController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode job = cluster.find(Kinds.JOBS, key);
        if (job == null || Meta.deleting(job) || !Cluster.selectsItsPods(job)) {
            return null;
        }
        if (JobStatus.finished(job)) {
            return clearAway(job);
        }
        List<ObjectNode> pods = new ArrayList<>(cluster.claim(Kinds.PODS, Kinds.JOBS, job));
        Instant now = cluster.now();
        JobStatus found = JobStatus.of(job, pods);
        int wanted = found.wanted(job, now);
        for (ObjectNode pod : ReplicaStatus.surplus(wanted, found.active())) {
            cluster.delete(Kinds.PODS, pod);
            pods.remove(pod);
            ObjectNode stopping = cluster.find(Kinds.PODS, new ObjectKey(key.namespace(), Meta.name(pod)));
            if (stopping != null) {
                pods.add(stopping);
            }
        }
        // A pod is replaced when it has failed or is gone, not while it stops.
        ApiException refusal = create(job, wanted - found.active().size() - found.terminating(), pods);
        ObjectNode status = JobStatus.of(job, pods).describe(job, now);
        cluster.writeStatus(Kinds.JOBS, job, status);
        if (refusal != null) {
            throw refusal;
        }
        job.set("status", status);
        return JobStatus.finished(job) ? clearAway(job) : JobStatus.untilDeadline(job, now);
    }

    private @Nullable ApiException create(ObjectNode job, int missing, List<ObjectNode> pods) {
        try {
            for (int i = 0; i < missing; i++) {
                JsonNode template = job.path("spec").path("template");
                pods.add(cluster.create(Kinds.PODS, PodTemplates.unnamedPod(template, Kinds.JOBS, job)));
            }
            return null;
        } catch (ApiException e) {
            return e;
        }
    }

    /** {@code ttlSecondsAfterFinished}. */
    private @Nullable Duration clearAway(ObjectNode job) {
        JsonNode seconds = job.path("spec").path("ttlSecondsAfterFinished");
        if (!seconds.isNumber()) {
            return null;
        }
        JsonNode complete = Conditions.find(job.path("status"), "Complete");
        JsonNode end = complete != null ? complete : Conditions.find(job.path("status"), "Failed");
        Instant ended = end == null ? null : Times.parse(end.path("lastTransitionTime"));
        if (ended == null) {
            return null;
        }
        Duration left = Times.until(ended.plusSeconds(seconds.asLong()), cluster.now());
        if (left.isZero()) {
            cluster.delete(Kinds.JOBS, job);
            return null;
        }
        return left;
    }
}
