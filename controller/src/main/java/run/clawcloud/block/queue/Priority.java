package run.clawcloud.block.queue;

/** How soon a key is worked on once it is ready, the highest first. A higher one always goes before a lower one. */
public enum Priority {
    /** Someone has just changed something and is waiting. */
    LIVE,
    /** An earlier try failed. */
    RETRY,
    /** Found when the program started. */
    BACKLOG,
    /** A look whether what was done still stands. */
    DRIFT;

    /** Returns the higher of the two. */
    static Priority higher(Priority one, Priority other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
