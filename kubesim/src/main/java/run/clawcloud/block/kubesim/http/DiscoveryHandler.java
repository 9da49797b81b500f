package run.clawcloud.block.kubesim.http;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.ResourceTypes;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What there is: versions, groups, types. */
final class DiscoveryHandler {

    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

    private static final String OPENAPI_PROTOBUF = "application/com.github.proto-openapi.spec.v2";

    private final ResourceTypes types;
    private final OpenApi openApi;

    DiscoveryHandler(ResourceTypes types) {
        this.types = types;
        this.openApi = new OpenApi(types);
    }

    /** Answers a path that names no object; 404 if it is none of these. */
    void handle(Exchange exchange, List<String> path) {
        if (String.join("/", path).equals("openapi/v2") && exchange.accept().contains(OPENAPI_PROTOBUF)) {
            // kubectl before 1.28 reads nothing else. No bytes are a document without definitions.
            exchange.send(200, OPENAPI_PROTOBUF + ".v1.0+protobuf", new byte[0]);
            return;
        }
        ObjectNode answer = switch (String.join("/", path)) {
            case "version" -> version();
            case "api" -> legacyVersions();
            case "apis" -> groups();
            case "openapi/v2" -> openApiV2();
            case "openapi/v3" -> openApi.index();
            default -> versioned(path);
        };
        exchange.send(200, answer);
    }

    private ObjectNode versioned(List<String> path) {
        if (path.size() == 2 && path.getFirst().equals("api")) {
            return resources("", path.get(1));
        }
        if (path.size() == 3 && path.getFirst().equals("apis")) {
            return resources(path.get(1), path.get(2));
        }
        if (path.size() == 2 && path.getFirst().equals("apis")) {
            return group(path.get(1), versions(path.get(1)));
        }
        if (path.size() > 3 && path.getFirst().equals("openapi") && path.get(1).equals("v3")) {
            return path.get(2).equals("api")
                    ? openApi.document("", path.get(3))
                    : openApi.document(path.get(3), path.getLast());
        }
        throw ApiException.noSuchPath();
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "32")
                .put("gitVersion", "v1.32.0+kubesim")
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "")
                .put("compiler", "")
                .put("platform", "java");
    }

    private static ObjectNode legacyVersions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    private ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        types.all().stream()
                .map(ResourceType::group)
                .filter(group -> !group.isEmpty())
                .distinct()
                .forEach(name -> {
                    ObjectNode group = group(name, versions(name));
                    group.remove(List.of("kind", "apiVersion"));
                    groups.add(group);
                });
        return list;
    }

    private Set<String> versions(String group) {
        return types.all().stream()
                .filter(type -> type.group().equals(group))
                .map(ResourceType::version)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ObjectNode group(String name, Set<String> versions) {
        if (versions.isEmpty() || name.isEmpty()) {
            throw ApiException.noSuchPath();
        }
        ObjectNode group =
                Json.object().put("kind", "APIGroup").put("apiVersion", "v1").put("name", name);
        ArrayNode array = group.putArray("versions");
        versions.forEach(version ->
                array.addObject().put("groupVersion", name + "/" + version).put("version", version));
        group.set("preferredVersion", array.get(0).deepCopy());
        return group;
    }

    private ObjectNode resources(String group, String version) {
        List<ResourceType> served = served(group, version);
        ObjectNode list = Json.object().put("kind", "APIResourceList");
        list.put("apiVersion", "v1").put("groupVersion", served.getFirst().apiVersion());
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : served) {
            ObjectNode resource = resource(type, type.plural(), type.kind(), VERBS);
            resource.put("singularName", type.singular());
            if (!type.shortNames().isEmpty()) {
                type.shortNames().forEach(resource.putArray("shortNames")::add);
            }
            if (!type.categories().isEmpty()) {
                type.categories().forEach(resource.putArray("categories")::add);
            }
            resources.add(resource);
            new TreeSet<>(type.subresources()).forEach(name -> resources.add(subresource(type, name)));
        }
        return list;
    }

    private List<ResourceType> served(String group, String version) {
        List<ResourceType> served = types.all().stream()
                .filter(type -> type.group().equals(group) && type.version().equals(version))
                .toList();
        if (served.isEmpty()) {
            throw ApiException.noSuchPath();
        }
        return served;
    }

    private static ObjectNode subresource(ResourceType type, String name) {
        boolean scale = name.equals("scale");
        ObjectNode resource =
                resource(type, type.plural() + "/" + name, scale ? "Scale" : type.kind(), SUBRESOURCE_VERBS);
        if (scale) {
            resource.put("group", "autoscaling").put("version", "v1");
        }
        return resource;
    }

    private static ObjectNode resource(ResourceType type, String name, String kind, List<String> verbs) {
        ObjectNode resource = Json.object()
                .put("name", name)
                .put("singularName", "")
                .put("namespaced", type.namespaced())
                .put("kind", kind);
        verbs.forEach(resource.putArray("verbs")::add);
        return resource;
    }

    /** Without definitions: kubectl then knows the built-in types by itself. */
    private static ObjectNode openApiV2() {
        ObjectNode document = Json.object().put("swagger", "2.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.32.0");
        document.putObject("paths");
        document.putObject("definitions");
        return document;
    }
}
