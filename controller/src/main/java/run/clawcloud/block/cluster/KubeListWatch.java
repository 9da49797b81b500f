package run.clawcloud.block.cluster;

import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.feed.ListWatch;
import run.clawcloud.block.feed.Pages;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Resource;

/** Lists and watches one resource across all namespaces, or a single object of it. */
public final class KubeListWatch implements ListWatch {

    private final ApiServer server;
    private final Resource resource;
    private final @Nullable String namespace;
    private final @Nullable String name;

    public KubeListWatch(ApiServer server, Resource resource) {
        this(server, resource, null, null);
    }

    private KubeListWatch(ApiServer server, Resource resource, @Nullable String namespace, @Nullable String name) {
        this.server = server;
        this.resource = resource;
        this.namespace = namespace;
        this.name = name;
    }

    /** A collection of the one object of this name. */
    public static KubeListWatch single(ApiServer server, Resource resource, String namespace, String name) {
        return new KubeListWatch(server, resource, namespace, name);
    }

    private ApiRequest request(Verb verb) {
        ApiRequest request = ApiRequest.of(verb, resource, namespace, null);
        return name == null ? request : request.and("fieldSelector", "metadata.name=" + name);
    }

    @Override
    public InputStream list(
            String labelSelector, int limit, @Nullable String continueToken, @Nullable String resourceVersion)
            throws ApiException, InterruptedException {
        ApiRequest request = request(Verb.LIST);
        if (limit > 0) {
            request = request.and("limit", Integer.toString(limit));
        }
        if (!labelSelector.isEmpty()) {
            request = request.and("labelSelector", labelSelector);
        }
        if (continueToken != null) {
            request = request.and("continue", continueToken);
        }
        if (resourceVersion != null) {
            request = request.and("resourceVersion", resourceVersion).and("resourceVersionMatch", "NotOlderThan");
        }
        return server.open(request);
    }

    @Override
    public long resourceVersion() throws ApiException, InterruptedException {
        return Pages.resourceVersion(resource.plural(), token -> list("", 1, token, null));
    }

    @Override
    public InputStream watch(String labelSelector, String resourceVersion, Duration timeout, Duration silence)
            throws ApiException, InterruptedException {
        ApiRequest request = request(Verb.WATCH)
                .and("watch", "true")
                .and("allowWatchBookmarks", "true")
                .and("resourceVersion", resourceVersion)
                .and("timeoutSeconds", Long.toString(timeout.toSeconds()))
                .patience(silence);
        if (!labelSelector.isEmpty()) {
            request = request.and("labelSelector", labelSelector);
        }
        return server.open(request);
    }
}
