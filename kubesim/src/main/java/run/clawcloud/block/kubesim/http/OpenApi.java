package run.clawcloud.block.kubesim.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.CustomType;
import run.clawcloud.block.kubesim.api.ResourceTypes;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAPI v3, a document for each group and version: as much as kubectl needs to leave validation to the server, and
 * the schemas of custom types for {@code kubectl explain}. Built-in types have no schema here: kubectl can't explain
 * them.
 */
final class OpenApi {

    private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final ResourceTypes types;

    OpenApi(ResourceTypes types) {
        this.types = types;
    }

    /** Which documents there are. */
    ObjectNode index() {
        Map<String, String> paths = new LinkedHashMap<>();
        types.all().forEach(type -> paths.put(path(type), "/openapi/v3/" + path(type)));
        ObjectNode index = Json.object();
        ObjectNode node = index.putObject("paths");
        paths.forEach((path, url) -> node.putObject(path).put("serverRelativeURL", url));
        return index;
    }

    private static String path(ResourceType type) {
        return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
    }

    /** The document of a group and version; 404 if nothing of it is served. */
    ObjectNode document(String group, String version) {
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.32.0");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        for (ResourceType type : types.all()) {
            if (type.group().equals(group) && type.version().equals(version)) {
                describe(type, paths);
                CustomType custom = types.custom(type);
                if (custom != null) {
                    describe(custom, schemas);
                }
            }
        }
        if (paths.isEmpty()) {
            throw ApiException.noSuchPath();
        }
        return document;
    }

    private static void describe(ResourceType type, ObjectNode paths) {
        String scope = type.namespaced() ? "/namespaces/{namespace}/" : "/";
        String collection = "/" + path(type) + scope + type.plural();
        ObjectNode get = paths.putObject(collection).putObject("get");
        get.putObject("responses");
        get.set("x-kubernetes-group-version-kind", kind(type));
        ObjectNode patch = paths.putObject(collection + "/{name}").putObject("patch");
        patch.putArray("parameters")
                .addObject()
                .put("name", "fieldValidation")
                .put("in", "query")
                .putObject("schema")
                .put("type", "string");
        patch.putObject("responses");
        patch.set("x-kubernetes-group-version-kind", kind(type));
    }

    private static ObjectNode kind(ResourceType type) {
        return Json.object()
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.kind());
    }

    /** Named as kube-apiserver does: the group backwards, the version, the kind. */
    private static void describe(CustomType custom, ObjectNode schemas) {
        ResourceType type = custom.type();
        List<String> group = new ArrayList<>(List.of(type.group().split("\\.", -1)));
        Collections.reverse(group);
        String name = String.join(".", group) + "." + type.version() + "." + type.kind();
        JsonNode given = custom.version().path("schema").path("openAPIV3Schema");
        if (given.deepCopy() instanceof ObjectNode schema) {
            ObjectNode properties = Json.object();
            properties.set("apiVersion", text("The group and version of this object's schema, as group/version."));
            properties.set("kind", text("The kind of this object, in CamelCase."));
            ObjectNode metadata = properties.putObject("metadata");
            metadata.put("description", "Standard object's metadata.");
            metadata.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + METADATA);
            schema.path("properties").properties().stream()
                    .filter(field -> !Set.of("apiVersion", "kind", "metadata").contains(field.getKey()))
                    .forEach(field -> properties.set(field.getKey(), field.getValue()));
            schema.set("properties", properties);
            schema.putArray("x-kubernetes-group-version-kind").add(kind(type));
            schemas.set(name, schema);
        }
        schemas.set(METADATA, metadata());
    }

    private static ObjectNode text(String description) {
        return Json.object().put("description", description).put("type", "string");
    }

    private static ObjectNode metadata() {
        ObjectNode schema = Json.object()
                .put("type", "object")
                .put("description", "ObjectMeta is metadata that all persisted resources must have.");
        ObjectNode properties = schema.putObject("properties");
        for (String field : List.of("name", "generateName", "namespace", "uid", "resourceVersion")) {
            properties.putObject(field).put("type", "string");
        }
        for (String field : List.of("creationTimestamp", "deletionTimestamp")) {
            properties.putObject(field).put("type", "string").put("format", "date-time");
        }
        for (String field : List.of("generation", "deletionGracePeriodSeconds")) {
            properties.putObject(field).put("type", "integer").put("format", "int64");
        }
        for (String field : List.of("labels", "annotations")) {
            properties
                    .putObject(field)
                    .put("type", "object")
                    .putObject("additionalProperties")
                    .put("type", "string");
        }
        properties
                .putObject("finalizers")
                .put("type", "array")
                .putObject("items")
                .put("type", "string");
        for (String field : List.of("ownerReferences", "managedFields")) {
            properties.putObject(field).put("type", "array").putObject("items").put("type", "object");
        }
        return schema;
    }
}
