package run.clawcloud.block.state;

/**
 * Hears which namespaces call for work. Called under the lock of {@link Namespaces}: it must be quick and not call
 * back.
 */
public interface ChangeListener {

    /** How the need came up, most urgent first. */
    enum Cause {
        /** Something has just happened. */
        LIVE,
        /** Found in a list. */
        BACKLOG,
        /** Found by the slow scan. */
        DRIFT
    }

    void needed(String namespace, Cause cause);

    /** Something about a lock's end that people should hear. */
    enum Notice {
        /** It is a day away. */
        DAY,
        /** It is an hour away. */
        HOUR,
        /** It has come, and the grace period has begun. */
        GRACE,
        /** The timestamp can't be read, so it never comes. */
        UNREADABLE
    }

    void notice(String namespace, Notice notice, Deadline deadline);

    /** A namespace is not, or not known to be, as its BlockRequests want it. */
    default void unsettled(String namespace, Cause cause) {}

    /** Something that a BlockRequest's status tells may have changed. */
    default void targetChanged(int request) {}

    /** Whether there are namespaces that a BlockRequest names and that do not exist, when that has changed. */
    default void missing(boolean any) {}
}
