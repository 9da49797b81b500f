package run.clawcloud.block.kubesim.crd;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields that a CustomResourceDefinition can have. Finds all others, and takes them away. */
final class DefinitionFields {

    private static final String SCHEMA = "openAPIV3Schema";

    /** Fields by the name of the object that they are in, at the places where that is plain. */
    private static final Map<String, Set<String>> BELOW = Map.of(
            "",
            Set.of("apiVersion", "kind", "metadata", "spec", "status"),
            "spec",
            Set.of("group", "names", "scope", "versions", "conversion", "preserveUnknownFields"),
            "names",
            Set.of("plural", "singular", "shortNames", "kind", "listKind", "categories"),
            "versions",
            Set.of(
                    "name",
                    "served",
                    "storage",
                    "deprecated",
                    "deprecationWarning",
                    "schema",
                    "subresources",
                    "additionalPrinterColumns",
                    "selectableFields"),
            "schema",
            Set.of(SCHEMA),
            "subresources",
            Set.of("status", "scale"),
            "additionalPrinterColumns",
            Set.of("name", "type", "format", "description", "priority", "jsonPath"),
            "selectableFields",
            Set.of("jsonPath"));

    private static final Set<String> OF_SCHEMA = Set.of(
            "id",
            "$schema",
            "$ref",
            "description",
            "type",
            "format",
            "title",
            "default",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "maxItems",
            "minItems",
            "uniqueItems",
            "multipleOf",
            "enum",
            "maxProperties",
            "minProperties",
            "required",
            "items",
            "allOf",
            "oneOf",
            "anyOf",
            "not",
            "properties",
            "additionalProperties",
            "patternProperties",
            "dependencies",
            "additionalItems",
            "definitions",
            "externalDocs",
            "example",
            "nullable",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-embedded-resource",
            "x-kubernetes-int-or-string",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-list-type",
            "x-kubernetes-map-type",
            "x-kubernetes-validations");

    private static final Set<String> OF_RULE =
            Set.of("rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf");

    private final boolean remove;
    private final Set<String> found = new TreeSet<>();

    private DefinitionFields(boolean remove) {
        this.remove = remove;
    }

    /** The paths of those that have no place, in order. */
    static List<String> unknown(ObjectNode definition) {
        DefinitionFields fields = new DefinitionFields(false);
        fields.plain("", definition, FieldPath.ROOT);
        return List.copyOf(fields.found);
    }

    static void removeUnknown(ObjectNode definition) {
        new DefinitionFields(true).plain("", definition, FieldPath.ROOT);
    }

    private void plain(String name, JsonNode value, FieldPath path) {
        Set<String> known = BELOW.get(name);
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                plain(name, value.get(i), path.index(i));
            }
        } else if (known != null && value instanceof ObjectNode object) {
            keepOnly(known, object, path);
            object.properties().forEach(field -> {
                FieldPath at = path.child(field.getKey());
                if (field.getKey().equals(SCHEMA)) {
                    schema(field.getValue(), at);
                } else if (!field.getKey().equals("status") && !field.getKey().equals("metadata")) {
                    plain(field.getKey(), field.getValue(), at);
                }
            });
        }
    }

    private void schema(JsonNode value, FieldPath path) {
        if (!(value instanceof ObjectNode schema)) {
            return;
        }
        keepOnly(OF_SCHEMA, schema, path);
        for (String one : new String[] {"items", "not", "additionalProperties"}) {
            schema(schema.path(one), path.child(one));
        }
        schema.path("properties")
                .properties()
                .forEach(field ->
                        schema(field.getValue(), path.child("properties").child(field.getKey())));
        for (String list : new String[] {"allOf", "anyOf", "oneOf"}) {
            JsonNode schemas = schema.path(list);
            for (int i = 0; i < schemas.size(); i++) {
                schema(schemas.get(i), path.child(list).index(i));
            }
        }
        JsonNode rules = schema.path("x-kubernetes-validations");
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i) instanceof ObjectNode rule) {
                keepOnly(OF_RULE, rule, path.child("x-kubernetes-validations").index(i));
            }
        }
    }

    private void keepOnly(Set<String> known, ObjectNode object, FieldPath path) {
        List<String> unknown = object.propertyStream()
                .map(Map.Entry::getKey)
                .filter(field -> !known.contains(field))
                .toList();
        unknown.forEach(field -> found.add(path.child(field).toString()));
        if (remove) {
            object.remove(unknown);
        }
    }
}
