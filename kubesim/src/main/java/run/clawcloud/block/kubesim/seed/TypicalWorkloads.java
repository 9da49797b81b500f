package run.clawcloud.block.kubesim.seed;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.controllers.PodTemplates;
import run.clawcloud.block.kubesim.kubelet.PodStatus;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/**
 * One of every sort of workload, settled: what the controllers would have made of it is there. In a locked namespace
 * they stand at 0 or suspended, with notes of what was.
 */
final class TypicalWorkloads {

    private static final Caller USER = new Caller("kubectl-client-side-apply");
    private static final Caller CONTROLLER = new Caller("kube-controller-manager");
    private static final String ORIGINAL_REPLICAS = "core.clawcloud.run/original-replicas";
    private static final String ORIGINAL_SUSPEND = "core.clawcloud.run/original-suspend";

    private final ClusterApi api;
    private final boolean locked;

    TypicalWorkloads(ClusterApi api, boolean locked) {
        this.api = api;
        this.locked = locked;
    }

    void create() {
        api.create(Kinds.SERVICE_ACCOUNTS, Template.NAMESPACE, named("default"), CONTROLLER);
        ObjectNode settings = named("settings");
        settings.putObject("data").put("LOG_LEVEL", "info").put("FEATURES", "search,export");
        api.create(Kinds.CONFIG_MAPS, Template.NAMESPACE, settings, USER);
        ObjectNode credentials = named("credentials");
        credentials.putObject("data").put("password", "bm90LWEtc2VjcmV0");
        api.create(Kinds.SECRETS, Template.NAMESPACE, credentials, USER);
        ObjectNode service = named("web");
        ObjectNode spec = service.putObject("spec");
        spec.putObject("selector").put("app", "web");
        spec.putArray("ports").addObject().put("port", 80);
        api.create(Kinds.SERVICES, Template.NAMESPACE, service, USER);

        deployment("web", 3, "7d4b9c8f6d");
        deployment("worker", 2, "6c9f8b7d5f");
        deployment("idle", 0, "5b8d7c6f4b");
        statefulSet("db", 2);
        replicaSet("cache", 1);
        replicationController("legacy", 1);
        daemonSet("agent");
        runningJob("import");
        finishedJob("migrate");
        cronJob("report", false);
        cronJob("cleanup", true);
        if (!locked) {
            pod(named("debug"), null, "debug", "Running");
        }
        pod(named("once"), null, "once", "Succeeded");
    }

    private static ObjectNode named(String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", name);
        return object;
    }

    /** Of a workload: notes what it had and gives what it has now. */
    private int replicas(ObjectNode object, int wanted) {
        if (!locked || wanted == 0) {
            return wanted;
        }
        annotations(object).put(ORIGINAL_REPLICAS, Integer.toString(wanted));
        return 0;
    }

    private boolean suspended(ObjectNode object, boolean wanted) {
        if (locked && !wanted) {
            annotations(object).put(ORIGINAL_SUSPEND, "false");
        }
        return locked || wanted;
    }

    private static ObjectNode annotations(ObjectNode object) {
        return Json.child(Json.child(object, "metadata"), "annotations");
    }

    private static ObjectNode workload(String name) {
        ObjectNode workload = named(name);
        ObjectNode spec = workload.putObject("spec");
        Json.child(spec, "selector").putObject("matchLabels").put("app", name);
        template(spec, name);
        return workload;
    }

    private static void template(ObjectNode spec, String app) {
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", app);
        podSpec(template.putObject("spec"), app);
    }

    private static void podSpec(ObjectNode spec, String app) {
        ObjectNode container = spec.putArray("containers").addObject();
        container.put("name", app).put("image", "registry.example.com/" + app + ":1.4.2");
        ObjectNode resources = container.putObject("resources");
        resources.putObject("requests").put("cpu", "50m").put("memory", "64Mi");
        resources.putObject("limits").put("cpu", "100m").put("memory", "128Mi");
    }

    private void deployment(String name, int wanted, String hash) {
        ObjectNode deployment = workload(name);
        annotations(deployment).put("deployment.kubernetes.io/revision", "1");
        int replicas = replicas(deployment, wanted);
        Json.child(deployment, "spec").put("replicas", replicas);
        StoredObject owner = api.create(Kinds.DEPLOYMENTS, Template.NAMESPACE, deployment, USER);
        ObjectNode status = replicaStatus(replicas);
        if (replicas > 0) {
            status.put("updatedReplicas", replicas);
        } else {
            status.remove("replicas");
        }
        // In the order that they have in a Deployment that has been scaled up from 0: the changed one stands last.
        deploymentCondition(
                status,
                owner,
                "Progressing",
                "NewReplicaSetAvailable",
                "ReplicaSet \"" + name + "-" + hash + "\" has successfully progressed.");
        deploymentCondition(
                status, owner, "Available", "MinimumReplicasAvailable", "Deployment has minimum availability.");
        status(owner, status);

        ObjectNode replicaSet = workload(name + "-" + hash);
        ObjectNode metadata = Json.child(replicaSet, "metadata");
        metadata.setAll(annotationsOfReplicaSet(owner, replicas));
        ObjectNode labels = metadata.putObject("labels");
        labels.put("app", name).put("pod-template-hash", hash);
        ObjectNode spec = Json.child(replicaSet, "spec").put("replicas", replicas);
        spec.putObject("selector").set("matchLabels", labels.deepCopy());
        ObjectNode template =
                (ObjectNode) owner.tree().path("spec").path("template").deepCopy();
        Json.child(template, "metadata").set("labels", labels.deepCopy());
        spec.set("template", template);
        own(metadata, owner);
        StoredObject made = api.create(Kinds.REPLICA_SETS, Template.NAMESPACE, replicaSet, CONTROLLER);
        status(made, replicaStatus(replicas));
        pods(made, name, replicas, labels);
    }

    private static void deploymentCondition(
            ObjectNode status, StoredObject deployment, String type, String reason, String message) {
        String since =
                deployment.tree().path("metadata").path("creationTimestamp").asString("");
        status.withArray("conditions")
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastUpdateTime", since)
                .put("lastTransitionTime", since)
                .put("reason", reason)
                .put("message", message);
    }

    /** The Deployment's, which the Deployment controller copies, and its own. */
    private static ObjectNode annotationsOfReplicaSet(StoredObject deployment, int replicas) {
        ObjectNode metadata = Json.object();
        ObjectNode annotations = (ObjectNode)
                deployment.tree().path("metadata").path("annotations").deepCopy();
        annotations.put("deployment.kubernetes.io/desired-replicas", Integer.toString(replicas));
        annotations.put("deployment.kubernetes.io/max-replicas", Integer.toString(replicas + (replicas + 3) / 4));
        metadata.set("annotations", annotations);
        return metadata;
    }

    private void replicaSet(String name, int wanted) {
        scalable(Kinds.REPLICA_SETS, workload(name), name, wanted);
    }

    private void replicationController(String name, int wanted) {
        ObjectNode controller = workload(name);
        Json.child(controller, "spec").putObject("selector").put("app", name);
        scalable(Kinds.REPLICATION_CONTROLLERS, controller, name, wanted);
    }

    private void scalable(ResourceType type, ObjectNode object, String name, int wanted) {
        int replicas = replicas(object, wanted);
        Json.child(object, "spec").put("replicas", replicas);
        StoredObject owner = api.create(type, Template.NAMESPACE, object, USER);
        status(owner, replicaStatus(replicas));
        pods(owner, name, replicas, Json.object().put("app", name));
    }

    private void statefulSet(String name, int wanted) {
        ObjectNode set = workload(name);
        int replicas = replicas(set, wanted);
        Json.child(set, "spec").put("replicas", replicas).put("serviceName", name);
        StoredObject owner = api.create(Kinds.STATEFUL_SETS, Template.NAMESPACE, set, USER);
        String revision =
                name + "-" + PodTemplates.hash(owner.tree().path("spec").path("template"));
        ObjectNode status = replicaStatus(replicas)
                .put("currentRevision", revision)
                .put("updateRevision", revision)
                .put("collisionCount", 0);
        if (replicas == 0) {
            status.put("availableReplicas", 0);
        } else {
            status.put("currentReplicas", replicas).put("updatedReplicas", replicas);
        }
        status(owner, status);
        for (int i = 0; i < replicas; i++) {
            ObjectNode pod = named(name + "-" + i);
            Json.child(pod, "metadata")
                    .putObject("labels")
                    .put("app", name)
                    .put("apps.kubernetes.io/pod-index", Integer.toString(i))
                    .put("controller-revision-hash", revision)
                    .put("statefulset.kubernetes.io/pod-name", name + "-" + i);
            pod(pod, owner, name, "Running");
        }
    }

    private void daemonSet(String name) {
        StoredObject owner = api.create(Kinds.DAEMON_SETS, Template.NAMESPACE, workload(name), USER);
        int pods = locked ? 0 : 1;
        status(
                owner,
                Json.object()
                        .put("currentNumberScheduled", pods)
                        .put("numberMisscheduled", 0)
                        .put("desiredNumberScheduled", 1)
                        .put("numberReady", pods)
                        .put("observedGeneration", 1)
                        .put("updatedNumberScheduled", pods)
                        .put("numberAvailable", pods));
        pods(owner, name, pods, Json.object().put("app", name));
    }

    private StoredObject job(String name, boolean finished) {
        ObjectNode job = named(name);
        ObjectNode spec = job.putObject("spec");
        template(spec, name);
        Json.child(Json.child(spec, "template"), "spec").put("restartPolicy", "Never");
        if (!finished) {
            spec.put("suspend", suspended(job, false));
        }
        return api.create(Kinds.JOBS, Template.NAMESPACE, job, USER);
    }

    private void runningJob(String name) {
        StoredObject owner = job(name, false);
        ObjectNode status = Json.object();
        if (locked) {
            condition(status, "Suspended", owner);
        } else {
            status.set("startTime", owner.tree().path("metadata").path("creationTimestamp"));
            status.put("active", 1).put("ready", 1).put("terminating", 0);
            status.putObject("uncountedTerminatedPods");
            jobPod(owner, name, "Running");
        }
        status(owner, status);
    }

    private void finishedJob(String name) {
        StoredObject owner = job(name, true);
        ObjectNode status = Json.object();
        status.set("startTime", owner.tree().path("metadata").path("creationTimestamp"));
        status.set("completionTime", owner.tree().path("metadata").path("creationTimestamp"));
        status.put("succeeded", 1).put("ready", 0);
        condition(status, "Complete", owner);
        status(owner, status);
        jobPod(owner, name, "Succeeded");
    }

    private static void condition(ObjectNode status, String type, StoredObject job) {
        ObjectNode condition =
                status.putArray("conditions").addObject().put("type", type).put("status", "True");
        condition.set("lastProbeTime", job.tree().path("metadata").path("creationTimestamp"));
        condition.set("lastTransitionTime", job.tree().path("metadata").path("creationTimestamp"));
    }

    private void jobPod(StoredObject job, String name, String phase) {
        ObjectNode pod = named(name + "-x7k2p");
        Json.child(pod, "metadata")
                .set(
                        "labels",
                        job.tree()
                                .path("spec")
                                .path("template")
                                .path("metadata")
                                .path("labels")
                                .deepCopy());
        Json.child(pod, "spec").put("restartPolicy", "Never");
        pod(pod, job, name, phase);
    }

    private void cronJob(String name, boolean suspend) {
        ObjectNode cronJob = named(name);
        ObjectNode spec = cronJob.putObject("spec").put("schedule", "30 3 1 * *");
        // A run that was missed while the tenant was locked is not made up for: nothing appears at unlock.
        spec.put("startingDeadlineSeconds", 60);
        spec.put("suspend", suspended(cronJob, suspend));
        ObjectNode jobSpec = spec.putObject("jobTemplate").putObject("spec");
        template(jobSpec, name);
        Json.child(Json.child(jobSpec, "template"), "spec").put("restartPolicy", "OnFailure");
        api.create(Kinds.CRON_JOBS, Template.NAMESPACE, cronJob, USER);
    }

    private static ObjectNode replicaStatus(int replicas) {
        ObjectNode status = Json.object().put("observedGeneration", 1).put("replicas", replicas);
        if (replicas > 0) {
            status.put("readyReplicas", replicas).put("availableReplicas", replicas);
            status.put("fullyLabeledReplicas", replicas);
        }
        return status;
    }

    private void status(StoredObject object, ObjectNode status) {
        if (object.type().kind().equals("Deployment") || object.type().kind().equals("StatefulSet")) {
            status.remove("fullyLabeledReplicas");
        }
        api.modify(object.type(), object.namespace(), object.name(), Subresource.STATUS, CONTROLLER, current -> {
            current.set("status", status);
            return current;
        });
    }

    private void pods(StoredObject owner, String app, int count, ObjectNode labels) {
        String[] suffixes = {"2xk7d", "9pl4v", "h5tqc"};
        for (int i = 0; i < count; i++) {
            ObjectNode pod = named(owner.name() + "-" + suffixes[i]);
            Json.child(pod, "metadata").set("labels", labels.deepCopy());
            pod(pod, owner, app, "Running");
        }
    }

    private void pod(ObjectNode pod, @Nullable StoredObject owner, String app, String phase) {
        if (owner != null) {
            own(Json.child(pod, "metadata"), owner);
        }
        podSpec(Json.child(pod, "spec"), app);
        StoredObject made = api.create(Kinds.PODS, Template.NAMESPACE, pod, owner == null ? USER : CONTROLLER);
        api.modify(
                Kinds.PODS,
                Template.NAMESPACE,
                made.name(),
                Subresource.BINDING,
                PodStatus.KUBELET,
                current -> PodStatus.on(
                        current,
                        phase,
                        current.path("metadata").path("creationTimestamp").asString("")));
    }

    private static void own(ObjectNode metadata, StoredObject owner) {
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", owner.type().apiVersion())
                .put("kind", owner.type().kind())
                .put("name", owner.name())
                .put("uid", owner.uid())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }
}
