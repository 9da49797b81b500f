package run.clawcloud.block.request;

import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.feed.ListWatch;
import run.clawcloud.block.feed.Pages;
import run.clawcloud.block.kube.ApiException;

/**
 * Lists the BlockRequests, always as they are at that moment: on the word of an old list, a namespace could be opened
 * that a request holds.
 */
public final class RequestLister implements Feed.Lister {

    /** Requests in one page; one of them can have 1.5 MB. */
    private static final int PAGE_SIZE = 100;

    /** Who keeps what is listed. */
    public interface Sink {
        void listBegins();

        void listed(BlockRequestView request);

        /** What was not listed since {@link #listBegins} is gone. */
        void listEnds();
    }

    private final ListWatch source;
    private final Sink sink;

    public RequestLister(ListWatch source, Sink sink) {
        this.source = source;
        this.sink = sink;
    }

    @Override
    public long list(String labelSelector, long notOlderThan) throws ApiException, InterruptedException {
        sink.listBegins();
        long resourceVersion = Pages.readAll(
                "blockrequests",
                token -> source.list(labelSelector, PAGE_SIZE, token, null),
                BlockRequestView::read,
                sink::listed);
        sink.listEnds();
        return resourceVersion;
    }
}
