package run.clawcloud.block.cluster;

import java.time.Instant;
import run.clawcloud.block.namespace.Events;

/**
 * The same, said once or several times.
 *
 * @param first when it was said first
 * @param last when it was said last
 * @param count how often
 */
public record EventSeries(Said said, Instant first, Instant last, int count) {

    /**
     * What is said, and about what. Another note is something else: the note of an Event can't be changed.
     *
     * @param type {@code Normal} or {@code Warning}
     */
    public record Said(Events.Regarding regarding, String type, String reason, String note) {}

    /** Said once. */
    public static EventSeries of(Said said, Instant time) {
        return new EventSeries(said, time, time, 1);
    }

    /** Both, of which the other came later. */
    public EventSeries and(EventSeries later) {
        return new EventSeries(said, first, later.last, count + later.count);
    }
}
