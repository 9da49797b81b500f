package run.clawcloud.block.demo;

import java.util.EnumMap;
import java.util.Map;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Meta;
import tools.jackson.databind.JsonNode;

/**
 * What is in one namespace or in many, counted.
 *
 * @param workloads the workloads by kind
 * @param pods the pods that have not finished
 * @param changes the objects that a lock would change: to scale, to suspend, and pods to delete
 */
record Census(Map<Kind, Integer> workloads, int pods, int changes) {
    static final Census NOTHING = new Census(Map.of(), 0, 0);

    static Census of(Content content) {
        Map<Kind, Integer> workloads = new EnumMap<>(Kind.class);
        Kind.WORKLOADS.forEach(kind -> workloads.put(kind, content.of(kind).size()));
        long scaled = Kind.SCALED.stream()
                .flatMap(kind -> content.of(kind).stream())
                .filter(workload -> Fields.replicas(workload) != 0 && !Fields.isControlledBy(workload, Kind.DEPLOYMENT))
                .count();
        long suspended = content.of(Kind.CRON_JOB).stream()
                        .filter(job -> !Fields.isSuspended(job))
                        .count()
                + content.of(Kind.JOB).stream()
                        .filter(job -> !Fields.isSuspended(job) && !Fields.isFinishedJob(job))
                        .count();
        long deleted = content.livePods().filter(Census::staysWhenAllIsScaled).count();
        return new Census(workloads, (int) content.livePods().count(), (int) (scaled + suspended + deleted));
    }

    private static boolean staysWhenAllIsScaled(JsonNode pod) {
        return !Fields.isControlledBy(pod, Kind.JOB)
                && Kind.SCALED.stream().noneMatch(kind -> Fields.isControlledBy(pod, kind));
    }

    /** How many objects carry a note of the controller (a copied one counts too): an unlock has to change as many. */
    static int notes(Content content) {
        return (int) Kind.WORKLOADS.stream()
                .flatMap(kind -> content.of(kind).stream())
                .filter(workload -> Meta.annotation(workload, Names.ORIGINAL_REPLICAS) != null
                        || Meta.annotation(workload, Names.ORIGINAL_SUSPEND) != null)
                .count();
    }

    Census plus(Census other) {
        Map<Kind, Integer> sum = new EnumMap<>(Kind.class);
        sum.putAll(workloads);
        other.workloads.forEach((kind, count) -> sum.merge(kind, count, Integer::sum));
        return new Census(sum, pods + other.pods, changes + other.changes);
    }

    int allWorkloads() {
        return workloads.values().stream().mapToInt(Integer::intValue).sum();
    }
}
