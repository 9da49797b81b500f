package run.clawcloud.block.harness;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of {@code metadata}, which every object of the API has. */
public final class Meta {
    private Meta() {}

    public static String name(JsonNode object) {
        return object.path("metadata").path("name").asString("");
    }

    public static String resourceVersion(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asString("");
    }

    public static @Nullable String label(JsonNode object, String key) {
        return object.path("metadata").path("labels").path(key).asString(null);
    }

    public static @Nullable String annotation(JsonNode object, String key) {
        return object.path("metadata").path("annotations").path(key).asString(null);
    }
}
