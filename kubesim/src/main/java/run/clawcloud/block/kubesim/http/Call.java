package run.clawcloud.block.kubesim.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.ResourceTypes;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.ResourceType;

/**
 * What a request asks for, in the terms of RBAC.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code patch}, {@code delete}
 *     or {@code deletecollection}
 * @param type of the object or objects
 * @param namespace null for all namespaces; empty for cluster-scoped types
 * @param name empty for a collection
 * @param part the subresource
 */
public record Call(String verb, ResourceType type, @Nullable String namespace, String name, Subresource part) {

    /**
     * Reads a path below {@code /api/VERSION} or {@code /apis/GROUP/VERSION}.
     *
     * @param rest the segments behind the version
     * @throws ApiException when there is no such path (404) or it does not take the method (405)
     */
    static Call parse(
            String method, String group, String version, List<String> rest, boolean watch, ResourceTypes types) {
        boolean within = rest.size() > 2
                && rest.getFirst().equals("namespaces")
                && (rest.size() > 3 || types.find(group, version, rest.get(2)) != null);
        List<String> path = within ? rest.subList(2, rest.size()) : rest;
        ResourceType type = path.isEmpty() || path.size() > 3 ? null : types.find(group, version, path.getFirst());
        if (type == null || (within && !type.namespaced())) {
            throw ApiException.noSuchPath();
        }
        String name = path.size() > 1 ? path.get(1) : "";
        Subresource part = path.size() > 2 ? subresource(type, path.get(2)) : Subresource.NONE;
        String namespace = within ? rest.get(1) : type.namespaced() ? null : "";
        String verb = verb(method, name, watch);
        boolean needsNamespace = !name.isEmpty() || verb.equals("create");
        if (needsNamespace && namespace == null) {
            throw name.isEmpty() ? ApiException.methodNotAllowed() : ApiException.noSuchPath();
        }
        return new Call(verb, type, namespace, name, part);
    }

    private static Subresource subresource(ResourceType type, String path) {
        for (Subresource part : Subresource.values()) {
            if (part.path().equals(path) && type.has(path)) {
                return part;
            }
        }
        throw ApiException.noSuchPath();
    }

    private static String verb(String method, String name, boolean watch) {
        boolean collection = name.isEmpty();
        String verb = switch (method) {
            case "GET" -> collection ? (watch ? "watch" : "list") : "get";
            case "POST" -> collection ? "create" : "";
            case "PUT" -> collection ? "" : "update";
            case "PATCH" -> collection ? "" : "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            default -> "";
        };
        if (verb.isEmpty()) {
            throw ApiException.methodNotAllowed();
        }
        return verb;
    }

    /** The namespace of an object's path. */
    String objectNamespace() {
        return namespace == null ? "" : namespace;
    }

    /** {@code pods}, or {@code deployments/scale}: how it is counted. */
    String resource() {
        return part == Subresource.NONE ? type.plural() : type.plural() + "/" + part.path();
    }
}
