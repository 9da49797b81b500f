package run.clawcloud.block.state;

import java.util.concurrent.atomic.LongAdder;
import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.feed.NamespaceLister;
import run.clawcloud.block.feed.NamespaceReading;

/**
 * The first stop of every namespace that the feed reads. What concerns nobody ends here, before anything is made of it:
 * where all namespaces are watched, that is nearly everything.
 */
public final class EventFilter implements Feed.Sink<NamespaceReading>, NamespaceLister.Sink {

    private final Namespaces namespaces;
    private final LongAdder seen = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    public EventFilter(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /** Events so far, without what was listed. */
    public long seen() {
        return seen.sum();
    }

    /** Those of {@link #seen} that ended here. */
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void changed(NamespaceReading reading) {
        if (heeds(reading, false)) {
            namespaces.changed(reading.view());
        }
    }

    private boolean heeds(NamespaceReading reading, boolean echoes) {
        seen.increment();
        boolean heeded = namespaces.heeds(reading, echoes);
        if (!heeded) {
            dropped.increment();
        }
        return heeded;
    }

    @Override
    public void deleted(NamespaceReading reading) {
        if (heeds(reading, true)) {
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
