package run.clawcloud.block.kubesim.store;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** YAML, read as the JSON that it stands for. Loaded only when some comes. */
public final class Yaml {

    private static final YAMLMapper MAPPER = YAMLMapper.builder().build();

    private Yaml() {}

    /**
     * Parses one document.
     *
     * @throws JacksonException when it is no YAML
     */
    public static JsonNode parse(byte[] yaml) {
        return MAPPER.readTree(yaml);
    }

    /**
     * Parses documents, of which those that are empty are left out.
     *
     * @throws JacksonException when one is no YAML
     */
    public static List<JsonNode> documents(String yaml) {
        try (MappingIterator<JsonNode> documents =
                MAPPER.readerFor(JsonNode.class).readValues(yaml)) {
            return documents.readAll().stream()
                    .filter(document -> !document.isNull() && !document.isMissingNode())
                    .toList();
        }
    }
}
