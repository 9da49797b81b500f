package run.clawcloud.block.kubesim.crd;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Values as kube-apiserver prints them in messages: scalars as JSON, lists and maps in Go's syntax. */
final class GoValue {

    private GoValue() {}

    static String of(JsonNode value) {
        if (value.isObject()) {
            Map<String, String> sorted = new TreeMap<>();
            value.properties().forEach(field -> sorted.put(field.getKey(), of(field.getValue())));
            return sorted.entrySet().stream()
                    .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                    .collect(Collectors.joining(", ", "map[string]interface {}{", "}"));
        }
        if (value.isArray()) {
            return value.valueStream().map(GoValue::of).collect(Collectors.joining(", ", "[]interface {}{", "}"));
        }
        return value.isNull() ? "\"null\"" : value.toString();
    }
}
