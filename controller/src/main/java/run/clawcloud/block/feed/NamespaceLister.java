package run.clawcloud.block.feed;

import java.util.function.Function;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kube.ApiException;
import tools.jackson.core.JsonParser;

/**
 * Lists the namespaces that may concern us. As long as nothing else is asked for, those are the ones with the status
 * label, and those to which something was applied although the label is gone, which happened while nobody watched.
 * Where a selector may match any, it is all of them.
 */
public final class NamespaceLister implements Feed.Lister {

    /** Namespaces with the switch. */
    public static final String WITH_STATUS = Names.STATUS_LABEL;

    /** All namespaces. */
    public static final String EVERYTHING = "";

    /** Namespaces still to be unlocked; a selector with {@code notin} matches objects without that key, too. */
    public static final String LEFT_OVER =
            Names.APPLIED_LABEL + "," + Names.STATUS_LABEL + " notin (" + Names.LOCKED + ")";

    /** Who keeps what is listed. */
    public interface Sink {
        /**
         * A list begins.
         *
         * @param everything whether all namespaces are listed
         */
        void listBegins(boolean everything);

        /** Takes a namespace; when this returns, the next one is read over it. */
        void listed(NamespaceReading namespace);

        /**
         * Whoever was not listed since {@link #listBegins} is gone or no longer matches.
         *
         * @param resourceVersion of the list
         */
        void listEnds(long resourceVersion);
    }

    private final ListWatch source;
    private final int pageSize;
    private final Function<JsonParser, NamespaceReading> decoder;
    private final Sink sink;

    public NamespaceLister(ListWatch source, int pageSize, Function<JsonParser, NamespaceReading> decoder, Sink sink) {
        this.source = source;
        this.pageSize = pageSize;
        this.decoder = decoder;
        this.sink = sink;
    }

    /** @param labelSelector {@link #WITH_STATUS} or {@link #EVERYTHING} */
    @Override
    public long list(String labelSelector, long notOlderThan) throws ApiException, InterruptedException {
        boolean everything = labelSelector.equals(EVERYTHING);
        sink.listBegins(everything);
        long resourceVersion = pages(labelSelector, notOlderThan);
        if (!everything) {
            // Not older than the first list: a namespace that lost its label between the two would be in neither.
            pages(LEFT_OVER, notOlderThan == LATEST ? LATEST : resourceVersion);
        }
        sink.listEnds(resourceVersion);
        return resourceVersion;
    }

    /** From the server's cache, in one piece and quickly, or, when it has to be the latest, page by page. */
    private long pages(String selector, long notOlderThan) throws ApiException, InterruptedException {
        String version = notOlderThan == LATEST ? null : Long.toString(notOlderThan);
        int limit = notOlderThan > CACHED ? 0 : pageSize;
        return Pages.readAll(
                selector.isEmpty() ? "namespaces" : "namespaces with " + selector,
                token -> source.list(selector, limit, token, token == null ? version : null),
                decoder,
                sink::listed);
    }
}
