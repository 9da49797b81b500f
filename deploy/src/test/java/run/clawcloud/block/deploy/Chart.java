package run.clawcloud.block.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The chart, rendered. */
final class Chart {

    static final String NAMESPACE = "block-controller-system";

    private static final Path DIRECTORY = Path.of("chart");
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private Chart() {}

    /** The documents that come out with these values, for a cluster of Kubernetes 1.30. */
    static String render(Map<String, ?> values) {
        return render("1.30.0", values);
    }

    static String render(String kubernetes, Map<String, ?> values) {
        TemplateCommand template = new Helm(DIRECTORY)
                .template()
                .withName("block-controller")
                .withNamespace(NAMESPACE)
                .withKubeVersion(kubernetes);
        values.forEach(template::set);
        // Where a document comes from in the chart is nobody's concern.
        return template.call().replaceAll("(?m)^# Source: .*\n", "").strip() + "\n";
    }

    static List<JsonNode> objects(String documents) {
        try (var objects = YAML.readerFor(JsonNode.class).<JsonNode>readValues(documents)) {
            return objects.readAll();
        }
    }

    /** The one object of this kind, with these values. */
    static JsonNode the(String kind, Map<String, ?> values) {
        return objects(render(values)).stream()
                .filter(object -> object.path("kind").asString("").equals(kind))
                .reduce((one, other) -> {
                    throw new AssertionError("there are several of kind " + kind);
                })
                .orElseThrow(() -> new AssertionError("there is none of kind " + kind));
    }
}
