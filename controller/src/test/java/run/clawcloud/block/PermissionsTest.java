package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;
import tools.jackson.databind.node.ObjectNode;

/**
 * The controller's roles are enough for all that it does, and no more. With {@code -Dkubeconfig=FILE} on a real cluster
 * the controller has nothing but those; the embedded cluster lets everybody do everything, but counts.
 */
class PermissionsTest {

    private static final String RBAC = "apis/rbac.authorization.k8s.io/v1/";
    private static final List<String> KINDS = List.of(
            "deployments",
            "statefulsets",
            "replicasets",
            "replicationcontrollers",
            "jobs",
            "cronjobs",
            "leases",
            "blockrequests");

    @TempDir
    private Path directory;

    private final Deque<String> made = new ArrayDeque<>();
    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = TestCluster.openWithRequests();
    }

    @AfterEach
    void close() {
        made.forEach(path -> cluster.api().delete(path).accepted());
        cluster.close();
    }

    @Test
    void eachFlowWorksWithTheRolesAndUsesAllOfThem() throws Exception {
        if (cluster.simulated().isEmpty()) {
            everyFlow(withTheRolesAlone());
            return;
        }
        KubeSim simulated = cluster.simulated().orElseThrow();
        // Somebody else always comes between, once for each kind: then an object is read again.
        simulated
                .faults()
                .set(
                        1,
                        KINDS.stream()
                                .map(kind -> Fault.of(Fault.Effect.CONFLICT)
                                        .on("patch", kind)
                                        .times(1))
                                .toList());
        everyFlow(cluster.kubeconfig());
        assertThat(Installation.used(simulated.requests())).isEqualTo(Installation.allowed());
    }

    private void everyFlow(Path kubeconfig) throws Exception {
        Tenant tenant = cluster.tenant();
        tenant.everyKind();
        tenant.barePod("debug");
        Tenant selected = cluster.tenant();
        try (BlockController _ = TestController.start(
                kubeconfig,
                "--leader-elect",
                // Without a Lease, it leads only after the time that a leader would have had.
                "--leader-elect-lease-duration=6s",
                "--leader-elect-renew-deadline=5s",
                "--leader-elect-retry-period=1s",
                "--leader-elect-resource-namespace=" + cluster.requestNamespace())) {
            tenant.status(Names.LOCKED);
            tenant.awaitLocked();
            tenant.awaitNoPods();
            tenant.awaitEvent("Locked");
            altered(tenant);
            deleted(tenant);
            tenant.status(Names.ACTIVE);
            tenant.awaitUnlocked();
            tenant.awaitEvent("Unlocked");

            TestRequest request = cluster.request(TestSpec.locked()
                    .names(tenant)
                    .label("permissions-test", selected.name())
                    .reason("to see what it takes"));
            selected.label("permissions-test", selected.name());
            Stream.of(tenant, selected).forEach(Tenant::awaitLocked);
            request.awaitApplied();
            request.delete();
            request.awaitGone();
            Stream.of(tenant, selected).forEach(Tenant::awaitUnlocked);
            // The same as before: it is counted on the Event that stands.
            tenant.awaitEventAgain("Unlocked");

            selected.annotate(
                    Names.UNLOCK_TIMESTAMP, Instant.now().plusSeconds(1).toString());
            selected.status(Names.LOCKED);
            selected.awaitGone();
        }
    }

    private void altered(Tenant tenant) {
        var quota = cluster.client().resourceQuotas().inNamespace(tenant.name()).withName(Names.QUOTA);
        tenant.patch("api/v1/%s/resourcequotas/" + Names.QUOTA, "{\"spec\":{\"hard\":{\"pods\":\"10\"}}}");
        Eventually.equal(
                new Quantity("0"), () -> quota.get().getSpec().getHard().get("pods"));
    }

    private void deleted(Tenant tenant) {
        String before = tenant.quotaUid();
        cluster.client()
                .resourceQuotas()
                .inNamespace(tenant.name())
                .withName(Names.QUOTA)
                .delete();
        Eventually.holds(() -> tenant.quotaStands() && !tenant.quotaUid().equals(before));
        tenant.awaitLocked();
    }

    /** Makes a service account that has the roles and nothing else, and says how to be it. */
    private Path withTheRolesAlone() throws Exception {
        String namespace = cluster.requestNamespace();
        String name = TestCluster.uniqueName();
        make("api/v1/namespaces/" + namespace + "/serviceaccounts", name, """
                {"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"%s"}}""".formatted(name));
        bound(RBAC + "cluster", Installation.clusterRole(), namespace, name);
        bound(RBAC + "namespaces/" + namespace + "/", Installation.role(), namespace, name);
        return ServiceAccountKubeconfig.write(cluster, namespace, name, directory.resolve("kubeconfig"));
    }

    /** Makes a role of another name, and gives it to the service account of that name. */
    private void bound(String path, ObjectNode role, String namespace, String name) {
        String kind = role.path("kind").asString();
        role.putObject("metadata").put("name", name);
        make(path + "roles", name, role.toString());
        make(path + "rolebindings", name, """
                {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"%1$sBinding","metadata":{"name":"%3$s"},
                "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"%1$s","name":"%3$s"},
                "subjects":[{"kind":"ServiceAccount","namespace":"%2$s","name":"%3$s"}]}""".formatted(kind, namespace, name));
    }

    private void make(String path, String name, String body) {
        cluster.api().create(path, RawApi.JSON, body).accepted();
        made.push(path + "/" + name);
    }
}
