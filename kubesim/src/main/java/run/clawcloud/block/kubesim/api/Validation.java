package run.clawcloud.block.kubesim.api;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.LabelSelector;
import run.clawcloud.block.kubesim.store.Labels;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the API refuses with 422: the rules that a client of namespaces and workloads can run into. */
final class Validation {

    private static final Set<String> CHANGEABLE_IN_STATEFUL_SET = Set.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds",
            "revisionHistoryLimit");

    private static final Set<String> CHANGEABLE_IN_POD = Set.of(
            "containers",
            "initContainers",
            "ephemeralContainers",
            "activeDeadlineSeconds",
            "tolerations",
            "terminationGracePeriodSeconds",
            "schedulingGates",
            "nodeSelector",
            "affinity");

    private Validation() {}

    static void onCreate(ResourceType type, ObjectNode object, FieldErrors errors) {
        Names.checkName(type, object.path("metadata").path("name"), errors);
        onEveryWrite(type, object, errors);
    }

    /** Of types that have their own rules. */
    static void onUpdateOfMetadata(ObjectNode before, ObjectNode after, FieldErrors errors) {
        noNewFinalizers(before, after, errors);
        Names.checkLabels("metadata.labels", after.path("metadata").path("labels"), errors);
    }

    static void onUpdate(ResourceType type, ObjectNode before, ObjectNode after, FieldErrors errors) {
        noNewFinalizers(before, after, errors);
        onEveryWrite(type, after, errors);
        switch (type.kind()) {
            case "Deployment", "ReplicaSet", "DaemonSet" -> immutable("selector", before, after, errors);
            case "StatefulSet" ->
                onlyChanged(
                        CHANGEABLE_IN_STATEFUL_SET,
                        before,
                        after,
                        errors,
                        "updates to statefulset spec"
                                + " for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy',"
                                + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
            case "Job" -> {
                immutable("completions", before, after, errors);
                immutable("selector", before, after, errors);
                immutable("template", before, after, errors);
            }
            case "ResourceQuota" -> sameScopes(before, after, errors);
            default -> {}
        }
    }

    /** Of a write by a client: the scheduler may set what a client may not. */
    static void onClientUpdate(ResourceType type, ObjectNode before, ObjectNode after, FieldErrors errors) {
        if (type.equals(Kinds.PODS)) {
            onlyChanged(
                    CHANGEABLE_IN_POD,
                    before,
                    after,
                    errors,
                    "pod updates may not change fields other than"
                            + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                            + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds`"
                            + " (allow it to be set to 1 if it was previously negative)");
        }
    }

    private static void onEveryWrite(ResourceType type, ObjectNode object, FieldErrors errors) {
        Names.checkLabels("metadata.labels", object.path("metadata").path("labels"), errors);
        JsonNode spec = object.path("spec");
        switch (type.kind()) {
            case "Pod" -> pod("spec", spec, errors);
            case "Deployment", "ReplicaSet", "StatefulSet" -> {
                notNegative(spec, "replicas", errors);
                selector(spec, errors);
                pod("spec.template.spec", spec.path("template").path("spec"), errors);
            }
            case "DaemonSet" -> {
                selector(spec, errors);
                pod("spec.template.spec", spec.path("template").path("spec"), errors);
            }
            case "ReplicationController" -> {
                notNegative(spec, "replicas", errors);
                pod("spec.template.spec", spec.path("template").path("spec"), errors);
            }
            case "Job" -> {
                notNegative(spec, "parallelism", errors);
                jobPod("spec.template.spec", spec.path("template").path("spec"), errors);
            }
            case "CronJob" -> {
                if (spec.path("schedule").asString("").isEmpty()) {
                    errors.required("spec.schedule", "");
                }
                JsonNode template = spec.path("jobTemplate").path("spec").path("template");
                jobPod("spec.jobTemplate.spec.template.spec", template.path("spec"), errors);
            }
            case "ResourceQuota" -> quota(spec, errors);
            case "Event" -> EventRules.check(object, errors);
            case "Lease" -> LeaseRules.check(spec, errors);
            default -> {}
        }
    }

    private static void noNewFinalizers(ObjectNode before, ObjectNode after, FieldErrors errors) {
        if (before.path("metadata").has("deletionTimestamp")) {
            Set<JsonNode> old = new HashSet<>(
                    before.path("metadata").path("finalizers").valueStream().toList());
            boolean more =
                    after.path("metadata").path("finalizers").valueStream().anyMatch(f -> !old.contains(f));
            if (more) {
                errors.forbidden(
                        "metadata.finalizers", "no new finalizers can be added if the object is being deleted");
            }
        }
    }

    private static void immutable(String field, ObjectNode before, ObjectNode after, FieldErrors errors) {
        JsonNode was = before.path("spec").get(field);
        JsonNode is = after.path("spec").get(field);
        if (!Objects.equals(was, is)) {
            errors.invalid("spec." + field, String.valueOf(is), "field is immutable");
        }
    }

    private static void onlyChanged(
            Set<String> changeable, ObjectNode before, ObjectNode after, FieldErrors errors, String text) {
        ObjectNode was = rest(before, changeable);
        if (!was.equals(rest(after, changeable))) {
            errors.forbidden("spec", text);
        }
    }

    private static ObjectNode rest(ObjectNode object, Set<String> without) {
        ObjectNode rest = Json.object();
        object.path("spec").properties().stream()
                .filter(field -> !without.contains(field.getKey()))
                .forEach(field -> rest.set(field.getKey(), field.getValue()));
        return rest;
    }

    private static void notNegative(JsonNode spec, String field, FieldErrors errors) {
        if (spec.path(field).asLong(0) < 0) {
            errors.invalid("spec." + field, spec.path(field), "must be greater than or equal to 0");
        }
    }

    private static void selector(JsonNode spec, FieldErrors errors) {
        JsonNode selector = spec.path("selector");
        JsonNode template = spec.path("template");
        if (selector.isMissingNode() || selector.isNull()) {
            errors.required("spec.selector", "");
        }
        boolean matches;
        try {
            LabelSelector parsed = LabelSelector.of(selector);
            matches = !parsed.requirements().isEmpty() && parsed.matches(Labels.of(template));
        } catch (IllegalArgumentException e) {
            errors.invalid("spec.selector", selector, String.valueOf(e.getMessage()));
            return;
        }
        if (!matches) {
            errors.invalidGo(
                    "spec.template.metadata.labels",
                    goMap(template.path("metadata").path("labels")),
                    "`selector` does not match template `labels`");
        }
    }

    private static String goMap(JsonNode labels) {
        if (labels.isEmpty()) {
            return "map[string]string(nil)";
        }
        StringJoiner map = new StringJoiner(", ", "map[string]string{", "}");
        labels.properties().forEach(label -> map.add("\"" + label.getKey() + "\":" + label.getValue()));
        return map.toString();
    }

    private static void pod(String field, JsonNode spec, FieldErrors errors) {
        JsonNode containers = spec.path("containers");
        if (containers.isEmpty()) {
            errors.required(field + ".containers", "");
        }
        for (int i = 0; i < containers.size(); i++) {
            String at = field + ".containers[" + i + "].";
            for (String required : List.of("name", "image")) {
                if (containers.get(i).path(required).asString("").isEmpty()) {
                    errors.required(at + required, "");
                }
            }
        }
    }

    private static void jobPod(String field, JsonNode spec, FieldErrors errors) {
        pod(field, spec, errors);
        String policy = spec.path("restartPolicy").asString("");
        List<String> allowed = List.of("OnFailure", "Never");
        if (policy.isEmpty()) {
            errors.required(field + ".restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        } else if (!allowed.contains(policy)) {
            errors.unsupported(field + ".restartPolicy", spec.path("restartPolicy"), allowed);
        }
    }

    private static void sameScopes(ObjectNode before, ObjectNode after, FieldErrors errors) {
        Set<JsonNode> was = scopes(before);
        Set<JsonNode> is = scopes(after);
        if (!was.equals(is)) {
            String list = is.isEmpty()
                    ? "(nil)"
                    : is.stream().map(JsonNode::toString).collect(Collectors.joining(", ", "{", "}"));
            errors.invalidGo("spec.scopes", "[]core.ResourceQuotaScope" + list, "field is immutable");
        }
    }

    private static Set<JsonNode> scopes(ObjectNode quota) {
        return new LinkedHashSet<>(
                quota.path("spec").path("scopes").valueStream().toList());
    }

    private static void quota(JsonNode spec, FieldErrors errors) {
        spec.path("hard").properties().forEach(limit -> {
            try {
                if (Quantity.parse(limit.getValue().asString("")).value().signum() < 0) {
                    errors.invalid(
                            "spec.hard[" + limit.getKey() + "]",
                            limit.getValue(),
                            "must be greater than or equal to 0");
                }
            } catch (IllegalArgumentException _) {
                throw ApiException.badRequest("ResourceQuota in version \"v1\" cannot be handled as a ResourceQuota:"
                        + " quantities must match the regular expression"
                        + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
            }
        });
    }
}
