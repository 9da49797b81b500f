package run.clawcloud.block.queue;

/** Hears what the workers do, for metrics and the log. Called on the workers' threads, outside any lock. */
public interface WorkListener<K> {

    /**
     * A worker is about to get a key.
     *
     * @param waitedNanos for how long the key has been ready, nanoseconds
     */
    default void started(K key, Priority priority, long waitedNanos) {}

    /** A worker threw something other than an InterruptedException; {@link #finished} follows. */
    default void threw(K key, Throwable cause) {}

    /** The thread that hands out keys has ended by a defect or a lack of memory: no key is worked on any more. */
    default void died(Throwable cause) {}

    /**
     * A worker came back.
     *
     * @param tookNanos how long it took, nanoseconds
     */
    default void finished(K key, Outcome outcome, long tookNanos) {}
}
