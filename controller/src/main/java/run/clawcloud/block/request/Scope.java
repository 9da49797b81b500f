package run.clawcloud.block.request;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.feed.NamespaceLister;
import run.clawcloud.block.feed.Selectors;

/**
 * Which namespaces have to be watched: those with the label, or all, while some BlockRequest has a selector or names a
 * namespace that does not exist. Thread-safe; what is found out is carried out by {@link #run}.
 */
public final class Scope implements Supplier<Selectors> {

    private final Consumer<String> relist;
    private volatile Selectors selectors = Selectors.NONE;

    // Guarded by the lock.
    private boolean missing;
    private boolean anew;
    private String watched = NamespaceLister.WITH_STATUS;

    /**
     * Begins with the namespaces that have the label.
     *
     * @param relist gets the label selector with which namespaces are to be listed anew and watched from then on
     */
    public Scope(Consumer<String> relist) {
        this.relist = relist;
    }

    /** What each namespace that is read is held against. */
    @Override
    public Selectors get() {
        return selectors;
    }

    /**
     * These are the selectors now.
     *
     * @param added one of them is new
     */
    public synchronized void selectors(Selectors those, boolean added) {
        selectors = those;
        anew |= added;
        notifyAll();
    }

    /** Whether a namespace is named that does not exist. */
    public synchronized void missing(boolean any) {
        missing = any;
        notifyAll();
    }

    /** What is known of requests came later than the list of namespaces: that is made again. */
    public synchronized void listAnew() {
        anew = true;
        notifyAll();
    }

    /**
     * Has namespaces listed anew for what has changed so far, and then, until it is interrupted, for what changes.
     * Before the first list of namespaces it says with which that begins.
     */
    public void run() throws InterruptedException {
        while (true) {
            apply();
            awaitChange();
        }
    }

    /** Has namespaces listed anew, if something has changed. */
    public void apply() {
        String wanted = takeChange();
        if (wanted != null) {
            relist.accept(wanted);
        }
    }

    private synchronized void awaitChange() throws InterruptedException {
        while (!changed()) {
            wait();
        }
    }

    private synchronized @Nullable String takeChange() {
        if (!changed()) {
            return null;
        }
        anew = false;
        watched = wanted();
        return watched;
    }

    private boolean changed() {
        return anew || !wanted().equals(watched);
    }

    private String wanted() {
        return selectors.isEmpty() && !missing ? NamespaceLister.WITH_STATUS : NamespaceLister.EVERYTHING;
    }
}
