package run.clawcloud.block.kubesim.crd;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.CustomType;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;

/** Reads from a definition what is to be served. */
final class ServedVersions {

    private ServedVersions() {}

    /**
     * The versions of a definition, the storage version first, those that are not served too.
     *
     * @param store where objects rest already, which stays so whatever version is stored later; null for the first time
     */
    static List<CustomType> of(JsonNode definition, @Nullable ResourceType store, Supplier<RuleEngine> engine) {
        JsonNode spec = definition.path("spec");
        boolean terminating = definition.path("metadata").has("deletionTimestamp");
        List<JsonNode> versions =
                new ArrayList<>(spec.path("versions").valueStream().toList());
        versions.sort((a, b) -> Boolean.compare(
                b.path("storage").asBoolean(false), a.path("storage").asBoolean(false)));
        ResourceType stored = store == null ? type(definition, versions.getFirst()) : store;
        List<CustomType> served = new ArrayList<>();
        for (JsonNode version : versions) {
            Schema schema = Schema.of(version.path("schema").path("openAPIV3Schema"));
            CustomRules rules =
                    new CustomRules(schema, schema.hasRules() ? engine.get().compile(schema) : null);
            served.add(new CustomType(type(definition, version), stored, rules, version, terminating));
        }
        return served;
    }

    static boolean isServed(CustomType type) {
        return type.version().path("served").asBoolean(false);
    }

    private static ResourceType type(JsonNode definition, JsonNode version) {
        JsonNode spec = definition.path("spec");
        JsonNode names = definition.path("status").path("acceptedNames");
        Set<String> subresources = new HashSet<>();
        if (version.path("subresources").has("status")) {
            subresources.add("status");
        }
        return new ResourceType(
                spec.path("group").asString(""),
                version.path("name").asString(""),
                spec.path("names").path("plural").asString(""),
                names.path("singular").asString(""),
                spec.path("names").path("kind").asString(""),
                spec.path("scope").asString("").equals("Namespaced"),
                texts(names.get("shortNames")),
                texts(names.get("categories")),
                Set.copyOf(subresources),
                true,
                spec.path("names").path("listKind").asString(""),
                true);
    }

    private static List<String> texts(@Nullable JsonNode array) {
        return array == null
                ? List.of()
                : array.valueStream().map(text -> text.asString("")).toList();
    }
}
