package run.clawcloud.block.kubesim.api;

import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the API fills in: the defaults of the built-in types, and what their creation sets. */
final class Defaults {

    private Defaults() {}

    static void onCreate(ResourceType type, ObjectNode object) {
        onEveryWrite(type, object);
        switch (type.kind()) {
            case "Namespace" -> {
                Json.child(object, "spec").putArray("finalizers").add("kubernetes");
                Json.child(object, "status").put("phase", "Active");
            }
            case "Pod" -> {
                PodDefaults.admit(Json.child(object, "spec"));
                ObjectNode status = Json.child(object, "status");
                status.put("phase", "Pending").put("qosClass", PodDefaults.qosClass(object.path("spec")));
            }
            case "Job" -> {
                selectOwnPods(object);
                labelsOfTemplate(object);
            }
            case "StatefulSet" ->
                Json.child(object, "status").put("replicas", 0).put("availableReplicas", 0);
            case "ReplicaSet", "ReplicationController" ->
                Json.child(object, "status").put("replicas", 0);
            case "DaemonSet" ->
                Json.child(object, "status")
                        .put("currentNumberScheduled", 0)
                        .put("numberMisscheduled", 0)
                        .put("desiredNumberScheduled", 0)
                        .put("numberReady", 0);
            case "Service" -> Json.child(object, "status").putObject("loadBalancer");
            case "PersistentVolumeClaim" -> Json.child(object, "status").put("phase", "Pending");
            default -> {}
        }
    }

    static void onEveryWrite(ResourceType type, ObjectNode object) {
        ObjectNode spec = object.get("spec") instanceof ObjectNode present ? present : Json.object();
        switch (type.kind()) {
            case "Namespace" -> nameLabel(object);
            case "Pod" -> PodDefaults.fill(spec, "Always");
            case "Deployment" -> deployment(spec);
            case "ReplicaSet" -> {
                absent(spec, "replicas", 1);
                template(spec, "Always");
            }
            case "ReplicationController" -> replicationController(object, spec);
            case "StatefulSet" -> statefulSet(spec);
            case "DaemonSet" -> daemonSet(spec);
            case "Job" -> job(spec);
            case "CronJob" -> cronJob(spec);
            case "Service" -> service(spec);
            case "Secret" -> absent(object, "type", "Opaque");
            default -> {}
        }
    }

    private static void nameLabel(ObjectNode namespace) {
        ObjectNode metadata = Json.child(namespace, "metadata");
        Json.child(metadata, "labels")
                .put("kubernetes.io/metadata.name", metadata.path("name").asString(""));
    }

    private static void deployment(ObjectNode spec) {
        absent(spec, "replicas", 1);
        template(spec, "Always");
        ObjectNode strategy = Json.child(spec, "strategy");
        absent(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asString("").equals("RollingUpdate")) {
            ObjectNode rollingUpdate = Json.child(strategy, "rollingUpdate");
            absent(rollingUpdate, "maxUnavailable", "25%");
            absent(rollingUpdate, "maxSurge", "25%");
        }
        absent(spec, "revisionHistoryLimit", 10);
        absent(spec, "progressDeadlineSeconds", 600);
    }

    /** Labels and selector that are not given are those of the template. */
    private static void replicationController(ObjectNode object, ObjectNode spec) {
        absent(spec, "replicas", 1);
        JsonNode labels = spec.path("template").path("metadata").path("labels");
        if (!labels.isEmpty()) {
            if (spec.path("selector").isEmpty()) {
                spec.set("selector", labels.deepCopy());
            }
        }
        template(spec, "Always");
        labelsOfTemplate(object);
    }

    private static void labelsOfTemplate(ObjectNode object) {
        JsonNode labels = object.path("spec").path("template").path("metadata").path("labels");
        ObjectNode metadata = Json.child(object, "metadata");
        if (metadata.path("labels").isEmpty() && !labels.isEmpty()) {
            metadata.set("labels", labels.deepCopy());
        }
    }

    private static void statefulSet(ObjectNode spec) {
        absent(spec, "replicas", 1);
        template(spec, "Always");
        absent(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode strategy = Json.child(spec, "updateStrategy");
        absent(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asString("").equals("RollingUpdate")) {
            absent(Json.child(strategy, "rollingUpdate"), "partition", 0);
        }
        absent(spec, "revisionHistoryLimit", 10);
        ObjectNode retention = Json.child(spec, "persistentVolumeClaimRetentionPolicy");
        absent(retention, "whenDeleted", "Retain");
        absent(retention, "whenScaled", "Retain");
    }

    private static void daemonSet(ObjectNode spec) {
        template(spec, "Always");
        ObjectNode strategy = Json.child(spec, "updateStrategy");
        absent(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asString("").equals("RollingUpdate")) {
            ObjectNode rollingUpdate = Json.child(strategy, "rollingUpdate");
            absent(rollingUpdate, "maxUnavailable", 1);
            absent(rollingUpdate, "maxSurge", 0);
        }
        absent(spec, "revisionHistoryLimit", 10);
    }

    private static void job(ObjectNode spec) {
        if (!spec.has("completions") && !spec.has("parallelism")) {
            spec.put("completions", 1);
        }
        absent(spec, "parallelism", 1);
        absent(spec, "backoffLimit", 6);
        absent(spec, "completionMode", "NonIndexed");
        absent(spec, "suspend", false);
        absent(spec, "podReplacementPolicy", "TerminatingOrFailed");
        absent(spec, "manualSelector", false);
        template(spec, "");
    }

    /** A Job's pods are marked with its uid, unless its maker says otherwise. */
    private static void selectOwnPods(ObjectNode job) {
        ObjectNode spec = Json.child(job, "spec");
        if (spec.path("manualSelector").asBoolean(false)) {
            return;
        }
        String uid = job.path("metadata").path("uid").asString("");
        String name = job.path("metadata").path("name").asString("");
        Json.child(Json.child(spec, "selector"), "matchLabels").put("batch.kubernetes.io/controller-uid", uid);
        ObjectNode labels = Json.child(Json.child(Json.child(spec, "template"), "metadata"), "labels");
        labels.put("batch.kubernetes.io/controller-uid", uid)
                .put("batch.kubernetes.io/job-name", name)
                .put("controller-uid", uid)
                .put("job-name", name);
    }

    private static void cronJob(ObjectNode spec) {
        absent(spec, "concurrencyPolicy", "Allow");
        absent(spec, "suspend", false);
        absent(spec, "successfulJobsHistoryLimit", 3);
        absent(spec, "failedJobsHistoryLimit", 1);
        if (spec.path("jobTemplate") instanceof ObjectNode jobTemplate) {
            ObjectNode metadata = Json.child(jobTemplate, "metadata");
            if (!metadata.has("creationTimestamp")) {
                metadata.putNull("creationTimestamp");
            }
            template(Json.child(jobTemplate, "spec"), "");
        }
    }

    private static void service(ObjectNode spec) {
        absent(spec, "type", "ClusterIP");
        absent(spec, "sessionAffinity", "None");
        absent(spec, "internalTrafficPolicy", "Cluster");
        for (JsonNode port : spec.path("ports")) {
            if (port instanceof ObjectNode object) {
                absent(object, "protocol", "TCP");
                if (!object.has("targetPort") && object.has("port")) {
                    object.set("targetPort", object.get("port"));
                }
            }
        }
        if (!spec.has("ipFamilies")) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        absent(spec, "ipFamilyPolicy", "SingleStack");
    }

    private static void template(ObjectNode spec, String restartPolicy) {
        if (spec.get("template") instanceof ObjectNode template) {
            ObjectNode metadata = Json.child(template, "metadata");
            if (!metadata.has("creationTimestamp")) {
                metadata.putNull("creationTimestamp");
            }
            PodDefaults.fill(Json.child(template, "spec"), restartPolicy);
        }
    }

    static void absent(ObjectNode object, String field, String value) {
        if (isAbsent(object, field) && !value.isEmpty()) {
            object.put(field, value);
        }
    }

    static void absent(ObjectNode object, String field, int value) {
        if (isAbsent(object, field)) {
            object.put(field, value);
        }
    }

    private static void absent(ObjectNode object, String field, boolean value) {
        if (isAbsent(object, field)) {
            object.put(field, value);
        }
    }

    private static boolean isAbsent(ObjectNode object, String field) {
        JsonNode present = object.get(field);
        return present == null
                || present.isNull()
                || (present.isString() && present.asString().isEmpty());
    }
}
