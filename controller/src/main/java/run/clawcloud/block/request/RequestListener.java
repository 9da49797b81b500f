package run.clawcloud.block.request;

import run.clawcloud.block.feed.Selectors;

/** Hears what becomes of the BlockRequests. Called by one thread at a time; it must be quick and not call back. */
public interface RequestListener {

    /** A request, known by its key, is new, changed or gone. */
    void changed(String key);

    /**
     * These are the selectors now.
     *
     * @param added one of them is new: all namespaces have to be held against it
     */
    void selectors(Selectors selectors, boolean added);
}
