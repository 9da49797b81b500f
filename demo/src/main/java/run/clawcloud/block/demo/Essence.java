package run.clawcloud.block.demo;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.Meta;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of a namespace's content that a lock followed by an unlock must leave as it was: one JSON object with an
 * entry for each object, and one for the number of pods of each owner.
 *
 * <p>Left out is only what any write changes, or what the cluster's own controllers note about pods that stopped and
 * started again:
 *
 * <ul>
 *   <li>{@code metadata.resourceVersion}, {@code generation}, {@code managedFields} and
 *       {@code status.observedGeneration}: the server counts writes, and notes who made them.
 *   <li>The times in {@code status.conditions}: when a condition last became what it is. Their order: a list keyed by
 *       {@code type}, by the API convention.
 *   <li>{@code status.startTime} of a Job: set anew when it is resumed (KEP-2232, suspended Jobs).
 *   <li>The condition {@code Suspended=False} of a Job: "was suspended once"; a Job that never was has no such
 *       condition.
 *   <li>The names of running pods: a pod that comes back is a new pod. They are counted for each owner instead.
 *   <li>Running pods that nothing owns: a lock deletes them, and nobody can bring them back.
 *   <li>The label {@code clawcloud.run/status: active} of the namespace: what was released is left with it.
 * </ul>
 */
final class Essence {
    private static final List<String> COUNTED_WRITES = List.of("resourceVersion", "generation", "managedFields");
    private static final List<String> CONDITION_TIMES =
            List.of("lastTransitionTime", "lastUpdateTime", "lastProbeTime");

    private Essence() {}

    static ObjectNode of(Content content) {
        ObjectNode all = Api.JSON.createObjectNode();
        String namespace = content.name();
        all.set("Namespace " + namespace, withoutOwnLabel(withoutWriteCounts(content.namespace())));
        for (Kind kind : Kind.all()) {
            if (kind != Kind.POD) {
                content.of(kind).forEach(object -> all.set(title(kind, namespace, object), essence(kind, object)));
            }
        }
        content.of(Kind.POD).stream()
                .filter(pod -> Fields.isFinishedPod(pod) || Fields.isStaticPod(pod))
                .forEach(pod -> all.set(title(Kind.POD, namespace, pod), essence(Kind.POD, pod)));
        podsByOwner(content).forEach((owner, pods) -> all.put("number of pods of " + owner, pods.intValue()));
        return all;
    }

    /** How a line for the user names an object. */
    static String title(Kind kind, String namespace, JsonNode object) {
        return kind.label() + " " + namespace + "/" + Meta.name(object);
    }

    private static Map<String, Integer> podsByOwner(Content content) {
        Map<String, Integer> counts = new TreeMap<>();
        content.livePods()
                .flatMap(pod -> Fields.controller(pod).stream())
                .forEach(owner -> counts.merge(
                        "%s %s/%s"
                                .formatted(
                                        owner.path("kind").asString(""),
                                        content.name(),
                                        owner.path("name").asString("")),
                        1,
                        Integer::sum));
        return counts;
    }

    private static ObjectNode essence(Kind kind, JsonNode object) {
        ObjectNode copy = withoutWriteCounts(object);
        if (copy.get("status") instanceof ObjectNode status) {
            ObjectNode conditions = conditions(status.path("conditions"));
            if (kind == Kind.JOB) {
                status.remove("startTime");
                if (conditions.path("Suspended").path("status").asString("").equals("False")) {
                    conditions.remove("Suspended");
                }
            }
            status.remove("conditions");
            if (!conditions.isEmpty()) {
                status.set("conditions", conditions);
            }
        }
        return copy;
    }

    /** The conditions by their types, without times. */
    private static ObjectNode conditions(JsonNode list) {
        ObjectNode byType = Api.JSON.createObjectNode();
        for (JsonNode condition : list) {
            byType.set(condition.path("type").asString(""), ((ObjectNode) condition).remove(CONDITION_TIMES));
        }
        return byType;
    }

    private static ObjectNode withoutWriteCounts(JsonNode object) {
        ObjectNode copy = (ObjectNode) object.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(COUNTED_WRITES);
        }
        if (copy.get("status") instanceof ObjectNode status) {
            status.remove("observedGeneration");
        }
        return copy;
    }

    private static ObjectNode withoutOwnLabel(ObjectNode namespace) {
        if (namespace.path("metadata").get("labels") instanceof ObjectNode labels
                && labels.path(Names.STATUS_LABEL).asString("").equals(Names.ACTIVE)) {
            labels.remove(Names.STATUS_LABEL);
            if (labels.isEmpty()) {
                ((ObjectNode) namespace.get("metadata")).remove("labels");
            }
        }
        return namespace;
    }
}
