package run.clawcloud.block.cluster;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kube.Resource;

/**
 * One request.
 *
 * @param namespace null for a cluster-scoped resource, or across all namespaces
 * @param name null for a collection
 * @param subresource empty for the object itself
 * @param query without the question mark, encoded; empty when there is none
 * @param contentType of the body; empty when there is none
 * @param body empty when there is none
 * @param silence after which a body that goes on without a byte counts as broken
 */
record ApiRequest(
        Verb verb,
        Resource resource,
        @Nullable String namespace,
        @Nullable String name,
        String subresource,
        String query,
        String contentType,
        String body,
        Duration silence) {

    static final String JSON = "application/json";
    static final String MERGE_PATCH = "application/merge-patch+json";
    static final String JSON_PATCH = "application/json-patch+json";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static ApiRequest of(Verb verb, Resource resource, @Nullable String namespace, @Nullable String name) {
        return new ApiRequest(verb, resource, namespace, name, "", "", "", "", PATIENCE);
    }

    ApiRequest with(String type, String content) {
        return new ApiRequest(verb, resource, namespace, name, subresource, query, type, content, silence);
    }

    /** Adds a query parameter. */
    ApiRequest and(String parameter, String value) {
        String pair = parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        return new ApiRequest(
                verb,
                resource,
                namespace,
                name,
                subresource,
                query.isEmpty() ? pair : query + "&" + pair,
                contentType,
                body,
                silence);
    }

    ApiRequest patience(Duration longest) {
        return new ApiRequest(verb, resource, namespace, name, subresource, query, contentType, body, longest);
    }

    ApiRequest subresource(String part) {
        return new ApiRequest(verb, resource, namespace, name, part, query, contentType, body, silence);
    }

    String pathAndQuery() {
        String path = resource.path(namespace, name) + (subresource.isEmpty() ? "" : "/" + subresource);
        return query.isEmpty() ? path : path + "?" + query;
    }

    /** {@code patch deployments.apps tenant-1/web}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(verb).append(' ').append(resource.qualifiedName());
        if (!subresource.isEmpty()) {
            text.append('/').append(subresource);
        }
        if (name != null) {
            text.append(' ').append(namespace == null ? "" : namespace + "/").append(name);
        } else if (namespace != null) {
            text.append(" in ").append(namespace);
        }
        return text.toString();
    }
}
