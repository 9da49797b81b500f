package run.clawcloud.block.kubesim.seed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.LabelSelector;
import run.clawcloud.block.kubesim.store.Labels;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What stands there from the start, and what becomes of it when somebody writes. */
class TenantSeedTest {

    private static final Caller SOMEBODY = new Caller("somebody");
    private static final Instant BORN = Instant.parse("2026-01-01T00:00:00Z");
    private static final String FIRST = "tenant-000001";

    private static KubeSim cluster(Tenants tenants) {
        return KubeSim.start(SimOptions.defaults().withTenants(tenants).withControllers(List.of()));
    }

    @Test
    void everyTenantIsTheSameWheneverItIsRead() {
        TenantSeed one = new TenantSeed(new Tenants(50, 5, 5, Tenants.Workloads.TYPICAL), 3, BORN);
        TenantSeed two = new TenantSeed(new Tenants(50, 5, 5, Tenants.Workloads.TYPICAL), 3, BORN);
        Set<String> uids = new HashSet<>();
        Set<Long> versions = new HashSet<>();
        long objects = 0;
        for (String namespace : one.namespaces()) {
            for (ResourceType type : Kinds.BUILT_IN) {
                List<StoredObject> first = one.objects(type, namespace);
                for (int i = 0; i < first.size(); i++) {
                    StoredObject object = first.get(i);
                    assertThat(object.json())
                            .isEqualTo(two.objects(type, namespace).get(i).json());
                    agreesWithItself(object, namespace);
                    uids.add(object.uid());
                    versions.add(object.resourceVersion());
                    objects++;
                }
            }
        }
        assertThat(uids).hasSize((int) objects);
        assertThat(versions).hasSize((int) objects);
        assertThat(versions).allMatch(version -> version < one.lastResourceVersion());
    }

    private static void agreesWithItself(StoredObject object, String namespace) {
        JsonNode metadata = object.tree().path("metadata");
        assertThat(metadata.path("namespace").asString()).isEqualTo(namespace);
        assertThat(metadata.path("name").asString()).isEqualTo(object.name());
        assertThat(metadata.path("uid").asString()).isEqualTo(object.uid()).matches("[0-9a-f-]{36}");
        assertThat(metadata.path("resourceVersion").asString()).isEqualTo(Long.toString(object.resourceVersion()));
        Labels labels = object.labels();
        metadata.path("labels")
                .properties()
                .forEach(label -> assertThat(labels.get(label.getKey()))
                        .isEqualTo(label.getValue().asString()));
    }

    @Test
    void aWriteChangesOneObjectAndLeavesTheOthersAsTheyWere() {
        try (KubeSim cluster = cluster(new Tenants(3, 0, 0, Tenants.Workloads.TYPICAL))) {
            ClusterApi api = cluster.api();
            List<StoredObject> before = api.list(Kinds.DEPLOYMENTS, null, LabelSelector.EVERYTHING);
            api.modify(Kinds.DEPLOYMENTS, FIRST, "web", Subresource.NONE, SOMEBODY, tree -> {
                Json.child(tree, "spec").put("replicas", 0);
                return tree;
            });
            List<StoredObject> after = api.list(Kinds.DEPLOYMENTS, null, LabelSelector.EVERYTHING);
            assertThat(after).hasSameSizeAs(before);
            for (int i = 0; i < before.size(); i++) {
                StoredObject old = before.get(i);
                boolean written = old.namespace().equals(FIRST) && old.name().equals("web");
                assertThat(after.get(i).key()).isEqualTo(old.key());
                if (written) {
                    assertThat(after.get(i).resourceVersion()).isGreaterThan(old.resourceVersion());
                    assertThat(after.get(i).tree().path("spec").path("replicas").asInt(-1))
                            .isZero();
                } else {
                    assertThat(after.get(i).json()).isEqualTo(old.json());
                }
            }
        }
    }

    @Test
    void tenantsAreInTheStatesAskedForEvenlySpread() {
        try (KubeSim cluster = cluster(new Tenants(1000, 50, 30, Tenants.Workloads.NONE))) {
            ClusterApi api = cluster.api();
            List<StoredObject> active =
                    api.list(Kinds.NAMESPACES, "", LabelSelector.parse("clawcloud.run/status=active"));
            assertThat(active).hasSize(50);
            assertThat(active.subList(0, 25))
                    .allMatch(namespace -> namespace.name().compareTo("tenant-000550") < 0);
            assertThat(api.list(
                            Kinds.NAMESPACES,
                            "",
                            LabelSelector.parse("clawcloud.run/status=locked,core.clawcloud.run/applied=locked")))
                    .hasSize(30);
            assertThat(active.getFirst().json().length).isBetween(700, 850);
        }
    }

    @Test
    void aLockedTenantStandsAtZeroWithNotesAndItsQuota() {
        try (KubeSim cluster = cluster(new Tenants(1, 0, 1, Tenants.Workloads.TYPICAL))) {
            ClusterApi api = cluster.api();
            ObjectNode web = api.get(Kinds.DEPLOYMENTS, FIRST, "web").tree();
            assertThat(web.path("spec").path("replicas").asInt(-1)).isZero();
            assertThat(web.path("metadata")
                            .path("annotations")
                            .path("core.clawcloud.run/original-replicas")
                            .asString())
                    .isEqualTo("3");
            assertThat(api.get(Kinds.DEPLOYMENTS, FIRST, "idle")
                            .tree()
                            .path("metadata")
                            .path("annotations")
                            .has("core.clawcloud.run/original-replicas"))
                    .isFalse();
            ObjectNode report = api.get(Kinds.CRON_JOBS, FIRST, "report").tree();
            assertThat(report.path("spec").path("suspend").asBoolean()).isTrue();
            assertThat(api.list(Kinds.PODS, FIRST, LabelSelector.EVERYTHING))
                    .allMatch(pod ->
                            pod.tree().path("status").path("phase").asString().equals("Succeeded"));
            assertThat(api.get(Kinds.RESOURCE_QUOTAS, FIRST, "block-controller-quota")
                            .labels()
                            .get("app.kubernetes.io/managed-by"))
                    .isEqualTo("block-controller");
        }
    }
}
