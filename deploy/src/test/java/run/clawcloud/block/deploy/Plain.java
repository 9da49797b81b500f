package run.clawcloud.block.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Plain as a policy sees them: maps, lists, strings, booleans, and whole numbers of 64 bits. */
final class Plain {

    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private Plain() {}

    /** From YAML of a mapping. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String yaml) {
        return (Map<String, Object>) java.util.Objects.requireNonNull(of(YAML.readTree(yaml)));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> metadata(Map<String, Object> object) {
        return (Map<String, Object>) object.getOrDefault("metadata", Map.of());
    }

    @SuppressWarnings("unchecked")
    static Map<String, String> labels(Map<String, Object> object) {
        return (Map<String, String>) metadata(object).getOrDefault("labels", Map.of());
    }

    private static @Nullable Object of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                node.properties().forEach(field -> {
                    Object value = of(field.getValue());
                    if (value != null) {
                        map.put(field.getKey(), value);
                    }
                });
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                node.forEach(item -> list.add(java.util.Objects.requireNonNull(of(item))));
                yield list;
            }
            case NUMBER -> node.longValue();
            case BOOLEAN -> node.booleanValue();
            case NULL -> null;
            default -> node.asString();
        };
    }
}
