package run.clawcloud.block.queue;

import java.time.Duration;

/**
 * What a worker says of a key when it comes back. Whatever it says, a key that was added meanwhile is worked on again.
 */
public sealed interface Outcome {

    /** Nothing is left to do. */
    record Done() implements Outcome {}

    /**
     * All went well, and the key is to be looked at again.
     *
     * @param after not before this has passed; zero or negative: at once
     * @param priority the priority that it then has
     */
    record Again(Duration after, Priority priority) implements Outcome {}

    /** It did not work: to be tried again with {@link Priority#RETRY} after the key's backoff. */
    record Failed() implements Outcome {}

    /** {@link Done}. */
    static Outcome done() {
        return new Done();
    }

    /** {@link Again}. */
    static Outcome again(Duration after, Priority priority) {
        return new Again(after, priority);
    }

    /** {@link Failed}. */
    static Outcome failed() {
        return new Failed();
    }
}
