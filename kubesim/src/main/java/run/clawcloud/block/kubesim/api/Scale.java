package run.clawcloud.block.kubesim.api;

import java.util.StringJoiner;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code autoscaling/v1 Scale} that a workload shows at its scale subresource. */
public final class Scale {

    private Scale() {}

    /** A workload's scale. */
    public static ObjectNode of(ObjectNode workload) {
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        JsonNode from = workload.path("metadata");
        for (String field : new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            if (from.has(field)) {
                metadata.set(field, from.get(field));
            }
        }
        ObjectNode spec = scale.putObject("spec");
        int replicas = workload.path("spec").path("replicas").asInt(1);
        if (replicas != 0) {
            spec.put("replicas", replicas);
        }
        scale.putObject("status")
                .put("replicas", workload.path("status").path("replicas").asInt(0))
                .put("selector", selector(workload.path("spec").path("selector")));
        return scale;
    }

    private static String selector(JsonNode selector) {
        StringJoiner text = new StringJoiner(",");
        JsonNode equal = selector.has("matchLabels") ? selector.get("matchLabels") : selector;
        equal.properties().stream()
                .filter(label -> label.getValue().isString())
                .forEach(label ->
                        text.add(label.getKey() + "=" + label.getValue().asString()));
        return text.toString();
    }

    /** The workload as the scale wants it. */
    static ObjectNode into(ObjectNode workload, ObjectNode scale) {
        Json.child(workload, "spec")
                .put("replicas", scale.path("spec").path("replicas").asInt(0));
        JsonNode version = scale.path("metadata").path("resourceVersion");
        if (version.isString()) {
            Json.child(workload, "metadata").set("resourceVersion", version);
        }
        return workload;
    }
}
