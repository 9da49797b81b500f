package run.clawcloud.block;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One namespace of a test, and what a tenant and the people who may lock it do there. */
final class Tenant {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> COMPARED = List.of(
            "apis/apps/v1/%s/deployments",
            "apis/apps/v1/%s/statefulsets",
            "apis/apps/v1/%s/replicasets",
            "apis/apps/v1/%s/daemonsets",
            "api/v1/%s/replicationcontrollers",
            "apis/batch/v1/%s/jobs",
            "apis/batch/v1/%s/cronjobs",
            "api/v1/%s/resourcequotas",
            "api/v1/%s/configmaps",
            "api/v1/%s/secrets",
            "api/v1/%s/services");

    private final KubernetesClient client;
    private final String name;

    Tenant(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** A Deployment and waits for its pods. */
    void deployment(String workload, int replicas) {
        client.resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withName(workload)
                        .withNamespace(name)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(replicas)
                        .withSelector(selector(workload))
                        .withTemplate(template(workload, "Always"))
                        .endSpec()
                        .build())
                .create();
        awaitPods(workload, replicas);
    }

    /** One of each kind that a lock knows, with pods, beside some that are at zero already. */
    void everyKind() {
        deployment("web", 3);
        deployment("idle", 0);
        client.resource(new StatefulSetBuilder()
                        .withNewMetadata()
                        .withName("db")
                        .withNamespace(name)
                        .endMetadata()
                        .withNewSpec()
                        .withServiceName("db")
                        .withPodManagementPolicy("Parallel")
                        .withReplicas(2)
                        .withSelector(selector("db"))
                        .withTemplate(template("db", "Always"))
                        .endSpec()
                        .build())
                .create();
        client.resource(new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withName("cache")
                        .withNamespace(name)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(2)
                        .withSelector(selector("cache"))
                        .withTemplate(template("cache", "Always"))
                        .endSpec()
                        .build())
                .create();
        client.resource(new ReplicationControllerBuilder()
                        .withNewMetadata()
                        .withName("legacy")
                        .withNamespace(name)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(1)
                        .withSelector(Map.of("app", "legacy"))
                        .withTemplate(template("legacy", "Always"))
                        .endSpec()
                        .build())
                .create();
        client.resource(new DaemonSetBuilder()
                        .withNewMetadata()
                        .withName("agent")
                        .withNamespace(name)
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(selector("agent"))
                        .withTemplate(template("agent", "Always"))
                        .endSpec()
                        .build())
                .create();
        client.resource(new JobBuilder()
                        .withNewMetadata()
                        .withName("import")
                        .withNamespace(name)
                        .endMetadata()
                        .withNewSpec()
                        .withParallelism(2)
                        .withCompletions(2)
                        .withTemplate(template("import", "Never"))
                        .endSpec()
                        .build())
                .create();
        cronJob("report", false);
        cronJob("cleanup", true);
        awaitPods("db", 2);
        awaitPods("cache", 2);
        awaitPods("legacy", 1);
        awaitPods("import", 2);
    }

    private void cronJob(String workload, boolean suspend) {
        client.resource(new CronJobBuilder()
                        .withNewMetadata()
                        .withName(workload)
                        .withNamespace(name)
                        .endMetadata()
                        .withNewSpec()
                        .withSchedule("0 0 1 1 *")
                        .withSuspend(suspend)
                        .withNewJobTemplate()
                        .withNewSpec()
                        .withTemplate(template(workload, "Never"))
                        .endSpec()
                        .endJobTemplate()
                        .endSpec()
                        .build())
                .create();
    }

    void barePod(String pod) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(pod)
                        .withNamespace(name)
                        .addToLabels("app", pod)
                        .endMetadata()
                        .withNewSpec()
                        .withContainers(TestCluster.container().build())
                        .endSpec()
                        .build())
                .create();
    }

    private static LabelSelector selector(String workload) {
        return new LabelSelectorBuilder().addToMatchLabels("app", workload).build();
    }

    private static PodTemplateSpec template(String workload, String restartPolicy) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels("app", workload)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(restartPolicy)
                .withContainers(TestCluster.container().build())
                .endSpec()
                .build();
    }

    /** Sets the switch; null removes it. */
    void status(@Nullable String value) {
        label(Names.STATUS_LABEL, value);
    }

    void label(String key, @Nullable String value) {
        metadata("labels", key, value);
    }

    void annotate(String key, @Nullable String value) {
        metadata("annotations", key, value);
    }

    private void metadata(String map, String key, @Nullable String value) {
        ObjectNode patch = JSON.createObjectNode();
        patch.putObject("metadata").putObject(map).put(key, value);
        patch("api/v1/namespaces/" + name, patch.toString());
    }

    /** Sends a JSON merge patch. */
    void patch(String path, String body) {
        new RawApi(client).patch(path.formatted("namespaces/" + name), body).accepted();
    }

    /** Begins its deletion. */
    void delete() {
        client.namespaces().withName(name).delete();
    }

    @Nullable
    Namespace namespace() {
        return client.namespaces().withName(name).get();
    }

    /** It is there, and its deletion has not begun. */
    boolean lives() {
        Namespace namespace = namespace();
        return namespace != null && namespace.getMetadata().getDeletionTimestamp() == null;
    }

    String resourceVersion() {
        return Objects.requireNonNull(namespace()).getMetadata().getResourceVersion();
    }

    @Nullable
    String label(String key) {
        Namespace namespace = namespace();
        return namespace == null || namespace.getMetadata().getLabels() == null
                ? null
                : namespace.getMetadata().getLabels().get(key);
    }

    @Nullable
    String annotation(String key) {
        Namespace namespace = namespace();
        return namespace == null || namespace.getMetadata().getAnnotations() == null
                ? null
                : namespace.getMetadata().getAnnotations().get(key);
    }

    void awaitLocked() {
        await().atMost(LIMIT).until(() -> Names.APPLIED_LOCKED.equals(label(Names.APPLIED_LABEL)));
    }

    void awaitUnlocked() {
        await().atMost(LIMIT)
                .until(() -> label(Names.APPLIED_LABEL) == null && annotation(Names.UNLOCK_TIMESTAMP) == null);
    }

    void awaitGone() {
        await().atMost(LIMIT).until(() -> !lives());
    }

    void awaitPods(String workload, int count) {
        await().atMost(LIMIT).until(() -> livePods("app=" + workload).size() == count);
    }

    void awaitNoPods() {
        await().atMost(LIMIT).until(() -> livePods("").isEmpty());
    }

    List<Pod> livePods(String selector) {
        return client.pods().inNamespace(name).withLabelSelector(selector).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    boolean quotaStands() {
        return client.resourceQuotas().inNamespace(name).withName(Names.QUOTA).get() != null;
    }

    void awaitQuota() {
        await().atMost(LIMIT).until(this::quotaStands);
    }

    void awaitEvent(String reason) {
        await().atMost(LIMIT).until(() -> !events(reason).isEmpty());
    }

    /** Waits until an Event with this reason has been counted up. */
    void awaitEventAgain(String reason) {
        await().atMost(LIMIT)
                .until(() -> client.v1().events().inNamespace(name).list().getItems().stream()
                        .anyMatch(event -> reason.equals(event.getReason())
                                && event.getSeries() != null
                                && event.getSeries().getCount() > 1));
    }

    /** What the Events with this reason say, those of type Warning with that word in front. */
    List<String> events(String reason) {
        return client.v1().events().inNamespace(name).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .map(event -> (event.getType().equals("Warning") ? "Warning: " : "") + event.getMessage())
                .toList();
    }

    /** Which quota closes it: another one after it was opened and closed again. */
    String quotaUid() {
        return client.resourceQuotas()
                .inNamespace(name)
                .withName(Names.QUOTA)
                .get()
                .getMetadata()
                .getUid();
    }

    /** Labels and annotations of the namespace that are this system's own, but for the switch. */
    SortedMap<String, String> marks() {
        NavigableMap<String, String> marks = new TreeMap<>();
        var metadata = Objects.requireNonNull(namespace()).getMetadata();
        Stream.of(metadata.getLabels(), metadata.getAnnotations())
                .filter(Objects::nonNull)
                .forEach(marks::putAll);
        marks.keySet().removeIf(key -> !key.contains("clawcloud.run/") || key.equals(Names.STATUS_LABEL));
        return marks;
    }

    /** One object of a list path such as {@code apis/apps/v1/%s/deployments}, and a name. */
    JsonNode object(String path, String object) {
        return JSON.readTree(client.raw("/" + path.formatted("namespaces/" + name) + "/" + object));
    }

    int replicas(String path, String workload) {
        return object(path, workload).path("spec").path("replicas").asInt(-1);
    }

    /**
     * Every object of the namespace but pods, by path, without what a lock and an unlock may change: resourceVersion,
     * generation, managedFields; and without the status, which is the cluster's.
     */
    SortedMap<String, String> objects() {
        SortedMap<String, String> objects = new TreeMap<>();
        for (String path : COMPARED) {
            JsonNode list = JSON.readTree(client.raw("/" + path.formatted("namespaces/" + name)));
            for (JsonNode item : list.path("items")) {
                ObjectNode object = (ObjectNode) item;
                ObjectNode metadata = (ObjectNode) object.get("metadata");
                metadata.remove(List.of("resourceVersion", "generation", "managedFields"));
                object.remove("status");
                objects.put(path.formatted("") + "/" + metadata.get("name").asString(), object.toString());
            }
        }
        return objects;
    }
}
