package run.clawcloud.block.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the values of the chart do. */
class ChartTest {

    @Test
    void flagsBecomeArguments() {
        assertThat(arguments(Map.of(
                        "flags.max-deletions-per-minute",
                        1_000_000,
                        "flags.protected-namespaces",
                        "monitoring,backup",
                        "flags.dry-run",
                        true)))
                .contains(
                        "--max-deletions-per-minute=1000000",
                        "--protected-namespaces=monitoring,backup",
                        "--dry-run=true");
    }

    @Test
    void theControllerKeepsBelowTheMemoryLimit() {
        assertThat(arguments(Map.of("resources.limits.memory", "1Gi"))).contains("--max-memory-mb=921");
        assertThat(arguments(Map.of("resources.limits.memory", "300Mi"))).contains("--max-memory-mb=270");
        assertThat(arguments(Map.of("resources.limits.memory", "1G", "flags.max-memory-mb", 900)))
                .contains("--max-memory-mb=900");
        assertThatThrownBy(() -> Chart.render(Map.of("resources.limits.memory", "1G")))
                .hasMessageContaining("resources.limits.memory is \"1G\": give it in Mi or Gi");
    }

    @Test
    void whoIsNotElectedNeedsNoLease() {
        assertThat(kinds(Map.of())).contains("Role", "RoleBinding");
        assertThat(kinds(Map.of("flags.leader-elect", false))).doesNotContain("Role", "RoleBinding");
    }

    @Test
    void oneReplicaAloneDoesNotKeepNodesFromBeingDrained() {
        assertThat(kinds(Map.of())).contains("PodDisruptionBudget");
        assertThat(kinds(Map.of("replicas", 1))).doesNotContain("PodDisruptionBudget");
    }

    @Test
    void whatNeedsSomethingElseInTheClusterIsOffUntilAskedFor() {
        assertThat(kinds(Map.of())).doesNotContain("ServiceMonitor", "ValidatingAdmissionPolicy");
        assertThat(kinds(Map.of("serviceMonitor.enabled", true))).contains("ServiceMonitor");
        assertThat(kinds(Map.of("admissionPolicies.enabled", true))).contains("ValidatingAdmissionPolicy");
        assertThatThrownBy(() -> Chart.render("1.29.0", Map.of("admissionPolicies.enabled", true)))
                .hasMessageContaining("admissionPolicies.enabled needs Kubernetes 1.30 or newer");
    }

    /** Of the controller's own namespace and the protected ones, no policy says that they are locked. */
    @Test
    void theDoorOfAProtectedNamespaceStaysOpen() {
        JsonNode policy = Chart.objects(Chart.render(
                        Map.of("admissionPolicies.enabled", true, "flags.protected-namespaces", "monitoring,backup")))
                .stream()
                .filter(object -> object.path("kind").asString("").equals("ValidatingAdmissionPolicy"))
                .filter(object -> object.at("/metadata/name").asString("").equals("block-controller-locked"))
                .findFirst()
                .orElseThrow();
        assertThat(strings(policy.at("/spec/matchConstraints/namespaceSelector/matchExpressions/0/values")))
                .containsExactly(
                        "kube-system", "kube-public", "kube-node-lease", Chart.NAMESPACE, "monitoring", "backup");
    }

    private static List<String> arguments(Map<String, ?> values) {
        return strings(Chart.the("Deployment", values).at("/spec/template/spec/containers/0/args"));
    }

    private static List<String> kinds(Map<String, ?> values) {
        return Chart.objects(Chart.render(values)).stream()
                .map(object -> object.path("kind").asString(""))
                .toList();
    }

    private static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }
}
