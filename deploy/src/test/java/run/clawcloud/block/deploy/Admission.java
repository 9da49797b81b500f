package run.clawcloud.block.deploy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for admission, of a person without any role here unless said otherwise.
 *
 * @param subresource empty for the object itself
 * @param before null for a creation
 */
record Admission(
        String user,
        List<String> groups,
        String operation,
        String group,
        String resource,
        String subresource,
        Map<String, Object> namespace,
        Map<String, Object> object,
        @Nullable Map<String, Object> before) {

    static final String CONTROLLER = "system:serviceaccount:" + Chart.NAMESPACE + ":block-controller";

    private static final List<String> GROUPS = List.of("tenants", "system:authenticated");

    static Admission creation(String resource, Map<String, Object> namespace, Map<String, Object> object) {
        return new Admission("tess", GROUPS, "CREATE", groupOf(resource), resource, "", namespace, object, null);
    }

    static Admission update(
            String resource, Map<String, Object> namespace, Map<String, Object> before, Map<String, Object> object) {
        return new Admission("tess", GROUPS, "UPDATE", groupOf(resource), resource, "", namespace, object, before);
    }

    private static String groupOf(String resource) {
        return switch (resource) {
            case "deployments", "statefulsets", "replicasets", "daemonsets" -> "apps";
            case "jobs", "cronjobs" -> "batch";
            default -> "";
        };
    }

    Admission by(String someone, String... theirGroups) {
        return new Admission(
                someone, List.of(theirGroups), operation, group, resource, subresource, namespace, object, before);
    }

    Admission on(String part) {
        return new Admission(user, groups, operation, group, resource, part, namespace, object, before);
    }

    /** As the variable {@code request} of a policy. */
    Map<String, Object> request() {
        Map<String, Object> request = new HashMap<>(Map.of(
                "operation", operation,
                "resource", Map.of("group", group, "version", "v1", "resource", resource),
                "userInfo", Map.of("username", user, "groups", groups)));
        // A request for the object itself has none.
        if (!subresource.isEmpty()) {
            request.put("subResource", subresource);
        }
        Object name = Plain.metadata(object).get("name");
        request.put("name", name == null ? "" : name);
        Object within = Plain.metadata(namespace).get("name");
        request.put("namespace", resource.equals("namespaces") || within == null ? "" : within);
        return request;
    }
}
