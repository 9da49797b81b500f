package run.clawcloud.block.state;

import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.feed.NamespaceLister;
import run.clawcloud.block.feed.NamespaceReading;

/**
 * The first stop of every namespace that the feed reads. What concerns nobody ends here, before anything is made of it:
 * where all namespaces are watched, that is nearly everything.
 */
public final class EventFilter implements Feed.Sink<NamespaceReading>, NamespaceLister.Sink {

    private final Namespaces namespaces;

    public EventFilter(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public void changed(NamespaceReading reading) {
        if (namespaces.heeds(reading, false)) {
            namespaces.changed(reading.view());
        }
    }

    @Override
    public void deleted(NamespaceReading reading) {
        if (namespaces.heeds(reading, true)) {
            namespaces.deleted(reading.view());
        }
    }

    @Override
    public void listBegins(boolean everything) {
        namespaces.listBegins(everything);
    }

    @Override
    public void listed(NamespaceReading reading) {
        if (namespaces.heeds(reading, true)) {
            namespaces.listed(reading.view());
        }
    }

    @Override
    public void listEnds(long resourceVersion) {
        namespaces.listEnds(resourceVersion);
    }
}
