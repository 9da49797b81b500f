package run.clawcloud.block.ops;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.cluster.EventSeries;
import run.clawcloud.block.cluster.EventSeries.Said;
import run.clawcloud.block.cluster.EventWriter;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.time.Pause;
import run.clawcloud.block.time.RateLimit;

/**
 * Writes Events behind the back of whoever has something to say: one after the other, at most so many a second, from a
 * bounded queue. When that is full, as in a storm of locks, Events are lost; the work is not. The same said again is
 * counted on the Event that stands, as client-go does it.
 */
public final class EventRecorder implements Events {

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

    private static final int WAITING_AT_MOST = 1_000;
    private static final int A_SECOND = 50;

    /** What was not said for so long begins a new Event: client-go's six minutes. */
    private static final Duration SERIES_ENDS = Duration.ofMinutes(6);

    /** So many Events are remembered; of what is said again after that many others, there is another Event. */
    private static final int REMEMBERED = 500;

    private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    /** The Event that stands for a series. */
    private record Written(EventSeries series, String name) {}

    private final EventWriter writer;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private final RateLimit limit;
    private final EventQueue queue = new EventQueue(WAITING_AT_MOST);

    // Of the thread that writes.
    private final SequencedMap<Said, Written> written = new LinkedHashMap<>();
    private long number;
    private long reported;
    private long lastReport;

    /** @param nanoTime the clock for pauses, as {@link System#nanoTime}; {@code clock} is what people read */
    public EventRecorder(EventWriter writer, InstantSource clock, LongSupplier nanoTime, Pause pause) {
        this.writer = writer;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.limit = new RateLimit(A_SECOND, Duration.ofSeconds(1), nanoTime);
        this.lastReport = nanoTime.getAsLong() - BETWEEN_REPORTS.toNanos();
    }

    @Override
    public void normal(Regarding regarding, String reason, String note) {
        say(new Said(regarding, "Normal", reason, note));
    }

    @Override
    public void warning(Regarding regarding, String reason, String note) {
        say(new Said(regarding, "Warning", reason, note));
    }

    private void say(Said said) {
        queue.add(EventSeries.of(said, clock.instant()));
    }

    /** How many Events there was no room for. */
    public long dropped() {
        return queue.dropped();
    }

    /** Writes until the thread is interrupted. */
    public void run() throws InterruptedException {
        while (true) {
            EventSeries next = queue.take(dropped() > reported ? BETWEEN_REPORTS : FOR_EVER);
            if (next != null) {
                for (Duration wait = limit.take(); wait.isPositive(); wait = limit.take()) {
                    pause.sleep(wait);
                }
                write(next);
            }
            report();
        }
    }

    /** At once, then once a minute for as long as it lasts. */
    private void report() {
        long missing = dropped() - reported;
        long now = nanoTime.getAsLong();
        if (missing > 0 && now - lastReport >= BETWEEN_REPORTS.toNanos()) {
            lastReport = now;
            reported += missing;
            LOG.warn("{} Events were not written: more came than the {} a second that are", missing, A_SECOND);
        }
    }

    private void write(EventSeries event) throws InterruptedException {
        Written before = written.remove(event.said());
        try {
            Written after =
                    before != null && !before.series().last().plus(SERIES_ENDS).isBefore(event.first())
                            ? counted(before, event)
                            : created(event);
            written.put(event.said(), after);
            if (written.size() > REMEMBERED) {
                written.pollFirstEntry();
            }
        } catch (ApiException e) {
            LOG.debug("an Event was not written: {}", e.getMessage());
        }
    }

    private Written counted(Written before, EventSeries event) throws ApiException, InterruptedException {
        EventSeries series = before.series().and(event);
        try {
            writer.count(series, before.name());
            return new Written(series, before.name());
        } catch (ApiException e) {
            if (e.notFound()) {
                // Events are deleted after an hour, or by somebody.
                return created(event);
            }
            throw e;
        }
    }

    private Written created(EventSeries event) throws ApiException, InterruptedException {
        Instant time = event.first();
        String name = event.said().regarding().name() + "."
                + Long.toHexString(time.toEpochMilli() * 1_000 + ++number % 1_000);
        writer.create(event, name);
        return new Written(event, name);
    }
}
