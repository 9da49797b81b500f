package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.seed.Tenants;

/** What a client sees of seeded tenants when it locks and unlocks one of them. */
class OverHttpTest {

    private static final String TENANT = "tenant-000002";
    private static final String NOTE = "core.clawcloud.run/original-replicas";

    private final KubeSim cluster = KubeSim.start(SimOptions.defaults()
            .withTenants(new Tenants(3, 0, 0, Tenants.Workloads.TYPICAL))
            .withControllers(List.of(ControllerManager.of(InstantSource.system(), ControllerOptions.defaults()))));
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(cluster.kubeconfig()))
            .build();

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    private Map<String, Long> runningPods(String tenant) {
        return client.pods().inNamespace(tenant).list().getItems().stream()
                .filter(pod -> pod.getStatus().getPhase().equals("Running"))
                .map(Pod::getMetadata)
                .map(ObjectMeta::getOwnerReferences)
                .filter(owners -> !owners.isEmpty())
                .collect(Collectors.groupingBy(
                        owners -> owners.getFirst().getKind() + "/"
                                + owners.getFirst().getName(),
                        Collectors.counting()));
    }

    private void scale(String deployment, Function<Deployment, Deployment> change) {
        client.apps().deployments().inNamespace(TENANT).withName(deployment).edit(change::apply);
    }

    @Test
    void locksAndUnlocksATenant() {
        Map<String, Long> before = runningPods(TENANT);
        assertThat(before).hasSizeGreaterThan(5);
        client.resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("lock")
                        .withNamespace(TENANT)
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of("pods", new Quantity("0")))
                        .endSpec()
                        .build())
                .create();
        for (Deployment deployment :
                client.apps().deployments().inNamespace(TENANT).list().getItems()) {
            scale(deployment.getMetadata().getName(), locked -> {
                locked.getMetadata()
                        .getAnnotations()
                        .put(NOTE, locked.getSpec().getReplicas().toString());
                locked.getSpec().setReplicas(0);
                return locked;
            });
        }
        client.apps().statefulSets().inNamespace(TENANT).withName("db").scale(0);
        client.batch().v1().jobs().inNamespace(TENANT).withName("import").edit(job -> {
            job.getSpec().setSuspend(true);
            return job;
        });
        client.pods().inNamespace(TENANT).withLabel("app", "agent").delete();
        await().untilAsserted(() -> assertThat(runningPods(TENANT).keySet())
                .containsExactlyInAnyOrder("ReplicaSet/cache", "ReplicationController/legacy"));
        assertThat(client.apps().replicaSets().inNamespace(TENANT).list().getItems())
                .filteredOn(replicaSet ->
                        !replicaSet.getMetadata().getOwnerReferences().isEmpty())
                .hasSize(3)
                .allMatch(replicaSet -> replicaSet.getSpec().getReplicas() == 0)
                .allMatch(
                        replicaSet -> replicaSet.getMetadata().getAnnotations().containsKey(NOTE));

        client.resourceQuotas().inNamespace(TENANT).withName("lock").delete();
        for (Deployment deployment :
                client.apps().deployments().inNamespace(TENANT).list().getItems()) {
            scale(deployment.getMetadata().getName(), unlocked -> {
                String replicas = unlocked.getMetadata().getAnnotations().remove(NOTE);
                unlocked.getSpec().setReplicas(Integer.valueOf(replicas));
                return unlocked;
            });
        }
        client.apps().statefulSets().inNamespace(TENANT).withName("db").scale(2);
        client.batch().v1().jobs().inNamespace(TENANT).withName("import").edit(job -> {
            job.getSpec().setSuspend(false);
            return job;
        });
        await().untilAsserted(() -> assertThat(runningPods(TENANT)).isEqualTo(before));
        assertThat(client.apps().replicaSets().inNamespace(TENANT).list().getItems())
                .map(ReplicaSet::getMetadata)
                .filteredOn(metadata -> !metadata.getOwnerReferences().isEmpty())
                .allMatch(metadata -> metadata.getAnnotations().containsKey(NOTE));
        assertThat(runningPods("tenant-000001")).isEqualTo(before);
    }

    @Test
    void untouchedTenantsAreLeftAlone() {
        long before = cluster.api().store().resourceVersion();
        assertThat(runningPods("tenant-000001")).isNotEmpty();
        client.pods().inNamespace(TENANT).withName("debug").delete();
        await().untilAsserted(() -> assertThat(
                        client.pods().inNamespace(TENANT).withName("debug").get())
                .isNull());
        assertThat(cluster.api().store().resourceVersion() - before).isBetween(1L, 2L);
    }

    @Test
    void aTenantCanBeDeleted() {
        client.namespaces().withName(TENANT).delete();
        await().untilAsserted(() ->
                assertThat(client.namespaces().withName(TENANT).get()).isNull());
        assertThat(client.pods().inNamespace(TENANT).list().getItems()).isEmpty();
        assertThat(client.secrets().inNamespace(TENANT).list().getItems()).isEmpty();
    }
}
