package run.clawcloud.block.namespace;

import run.clawcloud.block.api.Names;
import run.clawcloud.block.state.ChangeListener.Notice;
import run.clawcloud.block.state.Deadline;

/** What people are told of a lock's end. */
public final class LockNotice {

    private LockNotice() {}

    /** Writes the Event that belongs to a notice. */
    public static void write(Events events, String namespace, Notice notice, Deadline deadline, FlowSettings settings) {
        String what = switch (settings.expirationAction()) {
            case DELETE -> "the namespace is deleted";
            case UNLOCK -> "the namespace is unlocked";
            case NONE -> "nothing happens";
        };
        String end = deadline instanceof Deadline.At(var instant) ? instant.toString() : "a moment that is not known";
        String grace = settings.gracePeriod().isZero() ? "" : ", after a grace period of " + settings.gracePeriod();
        Events.Regarding regarding = Events.Regarding.namespace(namespace, "");
        switch (notice) {
            case DAY ->
                events.warning(
                        regarding, "LockEndsInADay", "The lock runs out at " + end + ". Then " + what + grace + ".");
            case HOUR ->
                events.warning(
                        regarding, "LockEndsInAnHour", "The lock runs out at " + end + ". Then " + what + grace + ".");
            case GRACE ->
                events.warning(
                        regarding,
                        "GracePeriodBegun",
                        "The lock ran out at " + end + ". At the end of the grace period of " + settings.gracePeriod()
                                + " " + what + ".");
            case UNREADABLE ->
                events.warning(
                        regarding,
                        "UnlockTimestampUnreadable",
                        "The annotation " + Names.UNLOCK_TIMESTAMP
                                + " names no moment since 1970 as RFC 3339 writes it,"
                                + " such as 2030-01-31T12:00:00Z. The lock does not run out.");
        }
    }
}
