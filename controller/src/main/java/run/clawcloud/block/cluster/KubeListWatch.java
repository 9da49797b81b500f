package run.clawcloud.block.cluster;

import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.feed.ListWatch;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Resource;

/** Lists and watches one resource across all namespaces. */
public final class KubeListWatch implements ListWatch {

    private final ApiServer server;
    private final Resource resource;

    public KubeListWatch(ApiServer server, Resource resource) {
        this.server = server;
        this.resource = resource;
    }

    @Override
    public InputStream list(
            String labelSelector, int limit, @Nullable String continueToken, @Nullable String resourceVersion)
            throws ApiException, InterruptedException {
        ApiRequest request = ApiRequest.of(Verb.LIST, resource, null, null);
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
    public InputStream watch(String labelSelector, String resourceVersion, Duration timeout, Duration silence)
            throws ApiException, InterruptedException {
        ApiRequest request = ApiRequest.of(Verb.WATCH, resource, null, null)
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
