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
        compare(
                "admission-policies/policies.yaml",
                documents(Map.of("admissionPolicies.enabled", true), "\nkind: ValidatingAdmissionPolicy"));
    }

    @Test
    void whatSecureMetricsTakeIsThatOfTheChart() throws IOException {
        compare(
                "secure-metrics/secure-metrics.yaml",
                documents(Map.of("secureMetrics.enabled", true), "\n  name: block-controller-metrics-"));
    }

    /** Of what the chart renders, the documents with those words in them. */
    private static String documents(Map<String, ?> values, String words) {
        return Arrays.stream(Chart.render(values).split("(?m)^---\n"))
                .filter(document -> document.contains(words))
                .map(document -> document.strip() + "\n")
                .collect(Collectors.joining("---\n"));
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
