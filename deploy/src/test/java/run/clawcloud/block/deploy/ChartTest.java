package run.clawcloud.block.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThatThrownBy(() -> Chart.render(Map.of("resources.limits.memory", "1500000000")))
                .hasMessageContaining("or set flags.max-memory-mb");
    }

    @ParameterizedTest
    @CsvSource({
        "flags.metrics-bind-address, :9090, flags.metrics-bind-address: give the port in ports",
        "flags.health-probe-bind-address, :9090, flags.health-probe-bind-address: give the port in ports",
        "flags.metrics-secure, true, flags.metrics-secure: say it in secureMetrics",
        "flags.metrics-cert-path, /tls, flags.metrics-cert-path: say it in secureMetrics"
    })
    void whatHasAValueOfItsOwnIsNoFlag(String value, String given, String message) {
        assertThatThrownBy(() -> Chart.render(Map.of(value, given))).hasMessageContaining(message);
    }

    /** As the schema of the values says it, before anything is installed. */
    @ParameterizedTest
    @CsvSource({
        "flags.lock-time, 7d",
        "flags.expiration-action, explode",
        "flags.leader-elect, perhaps",
        "replica, 3",
        "replicas, two",
        "ports.metrics, 70000",
        "image.pullPolicy, Sometimes",
        "networkPolicy.enabled, yes please",
        "secureMetrics.secret, tls",
        "admissionPolicies.actions, Deny"
    })
    void valuesThatMakeNoSenseAreRefused(String value, String given) {
        assertThatThrownBy(() -> Chart.render(Map.of(value, given)))
                .hasMessageContaining("values don't meet the specifications of the schema");
    }

    @Test
    void secureMetricsAreServedAndReadOverTls() {
        Map<String, ?> selfSigned = Map.of("secureMetrics.enabled", true, "serviceMonitor.enabled", true);
        assertThat(arguments(selfSigned)).contains("--metrics-secure=true").noneMatch(each -> each.contains("cert"));
        assertThat(Chart.the("ServiceMonitor", selfSigned)
                        .at("/spec/endpoints/0")
                        .toString())
                .contains("\"scheme\":\"https\"", "\"bearerTokenFile\":", "\"insecureSkipVerify\":true");

        Map<String, ?> vouchedFor = Map.of(
                "secureMetrics.enabled",
                true,
                "secureMetrics.certificateSecret",
                "metrics-tls",
                "serviceMonitor.enabled",
                true);
        JsonNode pod = Chart.the("Deployment", vouchedFor).at("/spec/template/spec");
        String mount = pod.at("/containers/0/volumeMounts/0/mountPath").asString();
        assertThat(arguments(vouchedFor)).contains("--metrics-secure=true", "--metrics-cert-path=" + mount);
        assertThat(pod.at("/volumes/0/secret/secretName").asString()).isEqualTo("metrics-tls");
        assertThat(pod.at("/volumes/0/name")).isEqualTo(pod.at("/containers/0/volumeMounts/0/name"));
        assertThat(Chart.the("ServiceMonitor", vouchedFor)
                        .at("/spec/endpoints/0/tlsConfig")
                        .toString())
                .contains("metrics-tls", "\"serverName\":\"block-controller-metrics." + Chart.NAMESPACE + ".svc\"")
                .doesNotContain("insecureSkipVerify");

        assertThat(arguments(Map.of())).noneMatch(each -> each.contains("metrics-secure"));
        assertThat(Chart.render(Map.of())).doesNotContain("tokenreviews", "metrics-reader");
    }

    /** What Grafana or Prometheus write in braces is theirs, not the chart's. */
    @Test
    void rulesAndDashboardComeAsTheyAre() throws IOException {
        Map<String, ?> values = Map.of(
                "prometheusRule.enabled", true,
                "prometheusRule.labels.release", "prometheus",
                "dashboard.enabled", true);
        JsonNode rule = Chart.the("PrometheusRule", values);
        assertThat(rule.at("/spec"))
                .isEqualTo(Chart.objects(Files.readString(Path.of("chart/monitoring/rules.yaml")))
                        .getFirst());
        assertThat(rule.at("/metadata/labels/release").asString()).isEqualTo("prometheus");
        JsonNode dashboard = Chart.the("ConfigMap", values);
        assertThat(dashboard.at("/data/block-controller.json").asString())
                .isEqualTo(Files.readString(Path.of("chart/monitoring/dashboard.json"))
                        .strip());
        assertThat(dashboard.at("/metadata/labels/grafana_dashboard").asString())
                .isEqualTo("1");
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
        assertThat(kinds(Map.of()))
                .doesNotContain("ServiceMonitor", "PrometheusRule", "ConfigMap", "ValidatingAdmissionPolicy");
        assertThat(kinds(Map.of("serviceMonitor.enabled", true))).contains("ServiceMonitor");
        assertThat(kinds(Map.of("prometheusRule.enabled", true))).contains("PrometheusRule");
        assertThat(kinds(Map.of("dashboard.enabled", true))).contains("ConfigMap");
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
