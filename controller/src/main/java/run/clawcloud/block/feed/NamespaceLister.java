package run.clawcloud.block.feed;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kube.ApiException;

/**
 * Lists the namespaces that concern us: those with the status label, and those to which something was applied although
 * the label is gone, which happened while nobody watched.
 */
public final class NamespaceLister implements Feed.Lister {

    /** Namespaces with the switch. */
    public static final String WITH_STATUS = Names.STATUS_LABEL;

    /** Namespaces still to be unlocked; a selector with {@code notin} matches objects without that key, too. */
    public static final String LEFT_OVER =
            Names.APPLIED_LABEL + "," + Names.STATUS_LABEL + " notin (" + Names.LOCKED + ")";

    /** Who keeps what is listed. */
    public interface Sink {
        void listBegins();

        void listed(NamespaceView namespace);

        /**
         * Whoever was not listed since {@link #listBegins} is gone or no longer matches.
         *
         * @param resourceVersion of the list
         */
        void listEnds(long resourceVersion);
    }

    private final ListWatch source;
    private final int pageSize;
    private final Sink sink;

    public NamespaceLister(ListWatch source, int pageSize, Sink sink) {
        this.source = source;
        this.pageSize = pageSize;
        this.sink = sink;
    }

    /**
     * The first list may come from the server's cache, in one piece and quickly: the watch that follows starts at the
     * age of that cache. Later lists ask for what is true now.
     */
    @Override
    public long list(boolean first) throws ApiException, InterruptedException {
        sink.listBegins();
        String cached = first ? "0" : null;
        long resourceVersion = pages(WITH_STATUS, cached);
        // Not older than the first list: a namespace that lost its label between the two would be in neither.
        pages(LEFT_OVER, first ? Long.toString(resourceVersion) : null);
        sink.listEnds(resourceVersion);
        return resourceVersion;
    }

    private long pages(String selector, @Nullable String resourceVersion) throws ApiException, InterruptedException {
        return Pages.readAll(
                "namespaces with " + selector,
                token -> source.list(selector, pageSize, token, token == null ? resourceVersion : null),
                NamespaceView::read,
                sink::listed);
    }
}
