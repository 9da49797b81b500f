package run.clawcloud.block.queue;

/** Does the work of one key. Called from many threads at once, never twice at once for the same key. */
@FunctionalInterface
public interface Worker<K> {

    /**
     * Does what is to be done for the key. An unchecked exception counts as {@link Outcome.Failed}, and the listener
     * hears of it.
     *
     * @throws InterruptedException when interrupted, which only {@link WorkQueue#shutdown} does
     */
    Outcome process(K key) throws InterruptedException;
}
