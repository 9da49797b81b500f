package run.clawcloud.block.demo;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Meta;
import tools.jackson.databind.JsonNode;

/** What a locked namespace must look like to anyone who asks the API server. */
final class LockCheck {
    /** What the quota must limit to 0. */
    static final Set<String> CLOSED = Set.of(
            "pods",
            "services",
            "replicationcontrollers",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers",
            "requests.cpu",
            "requests.memory",
            "limits.cpu",
            "limits.memory");

    private LockCheck() {}

    /**
     * What is not as it should be: a line for each object that is wrong, empty if none is.
     *
     * @param request that holds it
     * @param created when the request was created, or before
     * @param now the time, or later
     */
    static List<String> problems(Content content, LockRequest request, Instant created, Instant now) {
        List<String> problems = new ArrayList<>();
        String name = content.name();
        checkNamespace(content.namespace(), problems);
        checkHolder(content.namespace(), request, problems);
        checkEnd(content.namespace(), created, now, problems);
        for (JsonNode pod : content.livePods().toList()) {
            problems.add("%s is still there, in phase %s"
                    .formatted(
                            Essence.title(Kind.POD, name, pod),
                            pod.path("status").path("phase").asString("unknown")));
        }
        for (Kind kind : Kind.SCALED) {
            for (JsonNode workload : content.of(kind)) {
                if (Fields.replicas(workload) != 0) {
                    problems.add("%s: spec.replicas is %d, not 0"
                            .formatted(Essence.title(kind, name, workload), Fields.replicas(workload)));
                }
            }
        }
        for (Kind kind : List.of(Kind.JOB, Kind.CRON_JOB)) {
            for (JsonNode job : content.of(kind)) {
                if (!Fields.isSuspended(job) && !(kind == Kind.JOB && Fields.isFinishedJob(job))) {
                    problems.add(Essence.title(kind, name, job) + ": spec.suspend is not true");
                }
            }
        }
        checkQuota(content, problems);
        return problems;
    }

    private static void checkNamespace(JsonNode namespace, List<String> problems) {
        String title = "Namespace " + Meta.name(namespace);
        String applied = Meta.label(namespace, Names.APPLIED_LABEL);
        if (!Names.APPLIED_LOCKED.equals(applied)) {
            problems.add(
                    "%s: label %s is %s, not %s".formatted(title, Names.APPLIED_LABEL, applied, Names.APPLIED_LOCKED));
        }
    }

    private static void checkHolder(JsonNode namespace, LockRequest request, List<String> problems) {
        Map.of(Names.HELD_BY, request.key(), Names.LOCK_REASON, request.reason()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(wanted -> !wanted.getValue().equals(Meta.annotation(namespace, wanted.getKey())))
                .map(wanted -> "Namespace %s: annotation %s is %s, not %s"
                        .formatted(
                                Meta.name(namespace),
                                wanted.getKey(),
                                Meta.annotation(namespace, wanted.getKey()),
                                wanted.getValue()))
                .forEach(problems::add);
    }

    /** The lock ends as long after its begin as the request asks for, and it was begun after the request. */
    private static void checkEnd(JsonNode namespace, Instant created, Instant now, List<String> problems) {
        String end = Meta.annotation(namespace, Names.UNLOCK_TIMESTAMP);
        // The annotation has whole seconds.
        Instant earliest = created.truncatedTo(ChronoUnit.SECONDS).plus(LockRequest.LOCK_DURATION);
        Instant latest = now.plus(LockRequest.LOCK_DURATION);
        if (end == null
                || Instant.parse(end).isBefore(earliest)
                || Instant.parse(end).isAfter(latest)) {
            problems.add("Namespace %s: annotation %s is %s, not between %s and %s"
                    .formatted(Meta.name(namespace), Names.UNLOCK_TIMESTAMP, end, earliest, latest));
        }
    }

    private static void checkQuota(Content content, List<String> problems) {
        String title = "ResourceQuota " + content.name() + "/" + Names.QUOTA;
        var quota = content.of(Kind.RESOURCE_QUOTA).stream()
                .filter(object -> Meta.name(object).equals(Names.QUOTA))
                .findFirst();
        if (quota.isEmpty()) {
            problems.add(title + " is absent");
            return;
        }
        String manager = Meta.label(quota.get(), Names.MANAGED_BY_LABEL);
        if (!Names.MANAGED_BY.equals(manager)) {
            problems.add(
                    "%s: label %s is %s, not %s".formatted(title, Names.MANAGED_BY_LABEL, manager, Names.MANAGED_BY));
        }
        JsonNode hard = quota.get().path("spec").path("hard");
        TreeSet<String> resources = new TreeSet<>(hard.propertyNames());
        resources.addAll(CLOSED);
        for (String resource : resources) {
            String limit = hard.path(resource).asString("absent");
            String expected = CLOSED.contains(resource) ? "0" : "absent";
            if (!limit.equals(expected)) {
                problems.add("%s: spec.hard[%s] is %s, not %s".formatted(title, resource, limit, expected));
            }
        }
    }
}
