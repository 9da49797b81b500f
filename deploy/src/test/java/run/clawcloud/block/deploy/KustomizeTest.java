package run.clawcloud.block.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What kustomize installs is what the chart does. With {@code -Dkustomize.write=true} it is written anew instead of
 * being compared.
 */
class KustomizeTest {

    private static final Path DEFINITION = Path.of("crd/blockrequests.core.clawcloud.run.yaml");

    @Test
    void theBaseIsTheChartWithItsDefaults() throws IOException {
        compare("base/block-controller.yaml", Chart.render(Map.of()));
    }

    @Test
    void thePoliciesAreThoseOfTheChart() throws IOException {
        String policies = Arrays.stream(
                        Chart.render(Map.of("admissionPolicies.enabled", true)).split("(?m)^---\n"))
                .filter(document -> document.contains("\nkind: ValidatingAdmissionPolicy"))
                .map(document -> document.strip() + "\n")
                .collect(Collectors.joining("---\n"));
        compare("admission-policies/policies.yaml", policies);
    }

    /** kustomize reads no files of other directories. */
    @Test
    void theBaseHasTheDefinitionOfBlockRequests() throws IOException {
        compare("base/crd.yaml", Files.readString(DEFINITION));
    }

    /** The chart has it by a link, which some tools store as a file with a path in it. */
    @Test
    void theChartHasTheDefinitionOfBlockRequests() {
        assertThat(Path.of("chart/crds").resolve(DEFINITION.getFileName())).hasSameTextualContentAs(DEFINITION);
    }

    /** Beside the flag, which the component adds to the arguments of the Deployment. */
    @Test
    void whatSecureMetricsTakeIsThatOfTheChart() throws IOException {
        String roles = Arrays.stream(
                        Chart.render(Map.of("secureMetrics.enabled", true)).split("(?m)^---\n"))
                .filter(document -> document.contains("\n  name: block-controller-metrics-"))
                .map(document -> document.strip() + "\n")
                .collect(Collectors.joining("---\n"));
        compare("secure-metrics/secure-metrics.yaml", roles);
        assertThat(Files.readString(Path.of("kustomize/secure-metrics/kustomization.yaml")))
                .contains("value: --metrics-secure=true\n");
    }

    @Test
    void theMonitoringIsThatOfTheChart() throws IOException {
        String monitoring = Arrays.stream(Chart.render(Map.of(
                                "serviceMonitor.enabled", true,
                                "prometheusRule.enabled", true,
                                "dashboard.enabled", true))
                        .split("(?m)^---\n"))
                .filter(document -> document.contains("\nkind: ServiceMonitor\n")
                        || document.contains("\nkind: PrometheusRule\n")
                        || document.contains("\nkind: ConfigMap\n"))
                .map(document -> document.strip() + "\n")
                .collect(Collectors.joining("---\n"));
        compare("monitoring/monitoring.yaml", monitoring);
    }

    private static void compare(String name, String rendered) throws IOException {
        Path file = Path.of("kustomize").resolve(name);
        if (Boolean.getBoolean("kustomize.write")) {
            Files.writeString(file, rendered);
        }
        assertThat(Files.readString(file))
                .as("%s; -Dkustomize.write=true writes it anew", file)
                .isEqualTo(rendered);
    }
}
