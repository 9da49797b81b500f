package run.clawcloud.block.feed;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What is to be fed, and the watch under way, which a change of it ends. The one part of a feed that threads share:
 * everything in it is guarded by its monitor. The feed's thread is never interrupted for a change: that would be the
 * same to it as being stopped.
 */
final class Scope {
    /** Has a permit for as long as a change is not taken notice of: the end of a pause. */
    private final Semaphore wake = new Semaphore(0);

    private String labelSelector;
    private @Nullable InputStream watch;

    Scope(String labelSelector) {
        this.labelSelector = labelSelector;
    }

    /** @param wanted null: the one that stands */
    void change(@Nullable String wanted) {
        InputStream outdated;
        synchronized (this) {
            if (wanted != null) {
                labelSelector = wanted;
            }
            outdated = watch;
            watch = null;
            wake.release();
        }
        close(outdated);
    }

    /** The selector, when a change has not been taken notice of yet; it has now. */
    synchronized @Nullable String takeChange() {
        return wake.drainPermits() > 0 ? labelSelector : null;
    }

    /** What ends a pause. */
    Semaphore wake() {
        return wake;
    }

    synchronized boolean changed() {
        return wake.availablePermits() > 0;
    }

    /** A watch has been opened; false, and it is closed, when the scope has changed since it was asked for. */
    boolean opened(InputStream stream) {
        synchronized (this) {
            if (!changed()) {
                watch = stream;
                return true;
            }
        }
        close(stream);
        return false;
    }

    /** Nobody reads the watch any more: it is closed. */
    void ended() {
        InputStream over;
        synchronized (this) {
            over = watch;
            watch = null;
        }
        close(over);
    }

    private static void close(@Nullable InputStream stream) {
        try (stream) {
            // Whoever reads it is woken by an exception.
        } catch (IOException e) {
            // It was broken, and is given up anyway.
        }
    }
}
