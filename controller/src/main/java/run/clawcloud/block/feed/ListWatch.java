package run.clawcloud.block.feed;

import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kube.ApiException;

/**
 * Lists and watches of one collection across all namespaces, as streams of JSON.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes">List and
 *     watch</a>
 */
public interface ListWatch {

    /**
     * One page of a list.
     *
     * @param labelSelector empty for everything
     * @param limit objects in the page; 0 for no limit. A server with a limit and a resourceVersion above 0 reads from
     *     etcd, whatever stands in its cache
     * @param continueToken from the page before; null for the first page
     * @param resourceVersion takes what the server has in its cache, in one piece, when that is not older; {@code "0"}:
     *     however old it is. Null asks for what is true now
     * @throws ApiException 410 when the continue token has expired
     */
    InputStream list(String labelSelector, int limit, @Nullable String continueToken, @Nullable String resourceVersion)
            throws ApiException, InterruptedException;

    /** The collection's resourceVersion now, for the price of one object. */
    long resourceVersion() throws ApiException, InterruptedException;

    /**
     * A watch from a resourceVersion on, with bookmarks. A read that gets nothing for {@code silence} fails.
     *
     * @param timeout after which the server ends the watch
     * @throws ApiException 410 when the resourceVersion is too old
     */
    InputStream watch(String labelSelector, String resourceVersion, Duration timeout, Duration silence)
            throws ApiException, InterruptedException;
}
