package run.clawcloud.block.ops;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.cluster.EventWriter;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.time.Pause;

/**
 * Writes Events behind the back of whoever has something to say: one after the other, at most so many a second, from a
 * bounded queue. When that is full, as in a storm of locks, Events are lost; the work is not.
 */
public final class EventRecorder implements Events {

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

    private static final int WAITING_AT_MOST = 1_000;
    private static final Duration BETWEEN_TWO = Duration.ofMillis(20);

    private record Entry(Regarding regarding, String type, String reason, String note, Instant time) {}

    private final EventWriter writer;
    private final InstantSource clock;
    private final Pause pause;
    private final BlockingQueue<Entry> entries = new ArrayBlockingQueue<>(WAITING_AT_MOST);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong number = new AtomicLong();

    public EventRecorder(EventWriter writer, InstantSource clock, Pause pause) {
        this.writer = writer;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public void normal(Regarding regarding, String reason, String note) {
        offer(new Entry(regarding, "Normal", reason, note, clock.instant()));
    }

    @Override
    public void warning(Regarding regarding, String reason, String note) {
        offer(new Entry(regarding, "Warning", reason, note, clock.instant()));
    }

    private void offer(Entry entry) {
        if (!entries.offer(entry)) {
            lost.incrementAndGet();
        }
    }

    /** Writes until the thread is interrupted. */
    public void run() throws InterruptedException {
        while (true) {
            write(entries.take());
            long missing = lost.getAndSet(0);
            if (missing > 0) {
                LOG.warn(
                        "{} Events were not written: more came than the {} a second that are",
                        missing,
                        1_000 / BETWEEN_TWO.toMillis());
            }
            pause.sleep(BETWEEN_TWO);
        }
    }

    private void write(Entry entry) throws InterruptedException {
        String name = entry.regarding().name() + "."
                + Long.toHexString(entry.time().toEpochMilli() * 1_000 + number.incrementAndGet() % 1_000);
        try {
            writer.write(entry.regarding(), entry.type(), entry.reason(), entry.note(), name, entry.time());
        } catch (ApiException e) {
            LOG.debug("an Event was not written: {}", e.getMessage());
        }
    }
}
