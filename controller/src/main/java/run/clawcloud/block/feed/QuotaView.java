package run.clawcloud.block.feed;

import java.util.HashMap;
import java.util.Map;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.ResourceVersion;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A ResourceQuota as far as we guard it.
 *
 * @param hard {@code spec.hard}, resource name to quantity as written
 * @param scoped it has scopes, so that it holds for some pods only
 * @param labelled it carries our label
 */
public record QuotaView(
        String namespace,
        String name,
        long resourceVersion,
        Map<String, String> hard,
        boolean scoped,
        boolean labelled) {

    public QuotaView {
        hard = Map.copyOf(hard);
    }

    /** Reads the quota that the parser stands at and leaves the parser at its end. */
    public static QuotaView read(JsonParser parser) {
        Reading reading = new Reading();
        Json.fields(parser, reading::field);
        return new QuotaView(
                reading.namespace,
                reading.name,
                reading.resourceVersion,
                reading.hard,
                reading.scoped,
                reading.labelled);
    }

    private static final class Reading {
        private String namespace = "";
        private String name = "";
        private long resourceVersion;
        private final Map<String, String> hard = HashMap.newHashMap(16);
        private boolean scoped;
        private boolean labelled;

        private void field(String field, JsonParser value) {
            switch (field) {
                case "metadata" -> Json.fields(value, this::metadata);
                case "spec" -> Json.fields(value, this::spec);
                default -> value.skipChildren();
            }
        }

        private void metadata(String field, JsonParser value) {
            switch (field) {
                case "namespace" -> namespace = Json.textOrEmpty(value);
                case "name" -> name = Json.textOrEmpty(value);
                case "resourceVersion" -> resourceVersion = ResourceVersion.read(value);
                case "labels" -> Json.fields(value, this::label);
                default -> value.skipChildren();
            }
        }

        private void label(String key, JsonParser value) {
            if (key.equals(Names.MANAGED_BY_LABEL)) {
                labelled = Names.MANAGED_BY.equals(Json.text(value));
            } else {
                value.skipChildren();
            }
        }

        private void spec(String field, JsonParser value) {
            switch (field) {
                case "hard" ->
                    Json.fields(value, (resource, quantity) -> hard.put(resource, Json.textOrEmpty(quantity)));
                case "scopes" -> Json.elements(value, () -> scope(value));
                case "scopeSelector" -> scope(value);
                default -> value.skipChildren();
            }
        }

        private void scope(JsonParser value) {
            scoped |= value.currentToken() != JsonToken.VALUE_NULL;
            value.skipChildren();
        }
    }
}
