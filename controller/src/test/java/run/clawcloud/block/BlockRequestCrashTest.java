package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.Namespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.TestRequest.Counts;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;

/** The controller is killed in the middle of a request, and of its release: the end is the same as without. */
class BlockRequestCrashTest {

    private static final String TEAM = "flow.example.com/team";
    private static final int NAMESPACES = 60;
    private static final int ROUNDS = 5;

    /** Of a lock as of an unlock, two to four for each namespace: the label, and the marks. */
    private static final int WRITES = 2 * NAMESPACES;

    @Test
    void fiveTimesKilledInTheMiddleOfALockAndOfARelease() throws Exception {
        try (TestCluster cluster = TestCluster.openWithRequests()) {
            assumeThat(cluster.simulated())
                    .as("only the embedded cluster counts requests")
                    .isPresent();
            String team = TestCluster.uniqueName();
            List<Tenant> tenants = Collections.synchronizedList(new ArrayList<>());
            try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
                IntStream.range(0, NAMESPACES)
                        .forEach(_ -> people.execute(() -> {
                            Tenant tenant = cluster.tenant(Map.of(TEAM, team));
                            tenant.deployment("web", 1);
                            tenants.add(tenant);
                        }));
            }
            assertThat(tenants).hasSize(NAMESPACES);
            SortedMap<String, SortedMap<String, String>> before = objects(tenants);
            Random random = new Random(3);
            ControllerProcess controller = start(cluster);
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    TestRequest request =
                            cluster.request(TestSpec.locked().label(TEAM, team).reason("round " + round));
                    controller = killedAndStartedAgain(cluster, controller, random.nextInt(WRITES));
                    request.awaitApplied();
                    assertThat(request.counts()).isEqualTo(new Counts(NAMESPACES, NAMESPACES, 0, NAMESPACES));
                    assertThat(tenants(cluster, team))
                            .hasSize(NAMESPACES)
                            .allMatch(each -> Names.APPLIED_LOCKED.equals(
                                    each.getMetadata().getLabels().get(Names.APPLIED_LABEL)))
                            .allMatch(each -> request.key()
                                    .equals(each.getMetadata().getAnnotations().get(Names.HELD_BY)));
                    assertThat(quotas(cluster)).isEqualTo(NAMESPACES);
                    assertThat(replicas(cluster)).containsOnly(0);

                    request.delete();
                    controller = killedAndStartedAgain(cluster, controller, random.nextInt(WRITES));
                    request.awaitGone();
                    Eventually.holds(() -> tenants(cluster, team).stream().allMatch(BlockRequestCrashTest::unmarked));
                    assertThat(quotas(cluster)).isZero();
                    assertThat(replicas(cluster)).containsOnly(1);
                }
            } finally {
                controller.close();
            }
            // What one round spoils, no later one mends.
            Eventually.equal(before, () -> objects(tenants));
        }
    }

    private static List<Namespace> tenants(TestCluster cluster, String team) {
        return cluster.client().namespaces().withLabel(TEAM, team).list().getItems();
    }

    private static boolean unmarked(Namespace namespace) {
        var metadata = namespace.getMetadata();
        return metadata.getAnnotations().isEmpty()
                && metadata.getLabels()
                        .keySet()
                        .equals(Set.of(TEAM, Names.STATUS_LABEL, "kubernetes.io/metadata.name"));
    }

    private static int quotas(TestCluster cluster) {
        return cluster.client()
                .resourceQuotas()
                .inAnyNamespace()
                .withLabel(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
                .list()
                .getItems()
                .size();
    }

    private static List<Integer> replicas(TestCluster cluster) {
        return cluster.client().apps().deployments().inAnyNamespace().list().getItems().stream()
                .map(each -> each.getSpec().getReplicas())
                .toList();
    }

    private static ControllerProcess start(TestCluster cluster) throws IOException {
        return ControllerProcess.start(
                "--metrics-bind-address=0", "--health-probe-bind-address=0", "--kubeconfig=" + cluster.kubeconfig());
    }

    /** @param after so many writes to namespaces, or when there are no more */
    private static ControllerProcess killedAndStartedAgain(TestCluster cluster, ControllerProcess controller, int after)
            throws IOException {
        KubeSim simulated = cluster.simulated().orElseThrow();
        long begin = simulated.requests().count("patch", "namespaces");
        Eventually.holds(() -> simulated.requests().count("patch", "namespaces") - begin >= after);
        controller.kill();
        controller.close();
        return start(cluster);
    }

    private static SortedMap<String, SortedMap<String, String>> objects(List<Tenant> tenants) {
        SortedMap<String, SortedMap<String, String>> objects = new TreeMap<>();
        tenants.forEach(tenant -> objects.put(tenant.name(), tenant.objects()));
        return objects;
    }
}
