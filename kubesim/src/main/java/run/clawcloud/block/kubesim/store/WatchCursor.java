package run.clawcloud.block.kubesim.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A reader's place in the event log of one type. For one thread at a time; costs nothing while nothing happens. */
public final class WatchCursor implements AutoCloseable {

    private static final int BATCH = 256;

    private final TypeStore store;
    private final @Nullable String namespace;
    private final long from;
    private final Semaphore signal = new Semaphore(0);
    private long position;
    private volatile boolean ended;
    private volatile boolean revoked;

    /**
     * Events read at once.
     *
     * @param events in order; may be empty
     * @param upTo everything up to this resourceVersion has now been read: what a bookmark may say
     */
    public record Batch(List<WatchEvent> events, long upTo) {

        static final Batch NOTHING = new Batch(List.of(), -1);
    }

    /**
     * A cursor.
     *
     * @param namespace null for all
     * @param from the resourceVersion after which the reader wants to hear; it may be yet to come
     * @param position the event of the log to read next
     */
    WatchCursor(TypeStore store, @Nullable String namespace, long from, long position) {
        this.store = store;
        this.namespace = namespace;
        this.from = from;
        this.position = position;
    }

    /**
     * Waits for events.
     *
     * @param timeout how long to wait at most
     * @return what came; empty after the timeout
     * @throws ExpiredException when events were forgotten before they were read
     */
    public Batch next(Duration timeout) throws ExpiredException, InterruptedException {
        Batch batch = read();
        if (batch.events().isEmpty() && !ended && signal.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            return read();
        }
        return batch;
    }

    private Batch read() throws ExpiredException {
        signal.drainPermits();
        while (true) {
            Batch batch = store.read(this, position, BATCH);
            position += batch.events().size();
            List<WatchEvent> mine = batch.events().stream()
                    .filter(event -> event.resourceVersion() > from)
                    .filter(event ->
                            namespace == null || namespace.equals(event.object().namespace()))
                    .toList();
            if (!mine.isEmpty() || batch.events().size() < BATCH) {
                return new Batch(mine, batch.upTo());
            }
        }
    }

    /** Whether nothing more will come. */
    public boolean ended() {
        return ended;
    }

    /** The store has gone back in time: what is read there now does not follow from what was read before. */
    void revoke() {
        revoked = true;
        end();
    }

    boolean revoked() {
        return revoked;
    }

    void end() {
        ended = true;
        signal.release();
    }

    void wake(WatchEvent event) {
        if ((namespace == null || namespace.equals(event.object().namespace())) && signal.availablePermits() == 0) {
            signal.release();
        }
    }

    @Override
    public void close() {
        store.closed(this);
    }
}
