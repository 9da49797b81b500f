package run.clawcloud.block.ops;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the process under its memory limit, and the heap under its own: at 80 % it gives back what can be had again and
 * lets less work in, at 100 % it lets none in until there is room. No state is lost by it.
 *
 * <p>Of the heap, what is needed counts, not the garbage: that goes when the JVM wants room. It counts as full at nine
 * tenths of its size, before an {@link OutOfMemoryError}. What is full stays so until it has fallen by five hundredths
 * below the mark, or the intake would flutter.
 *
 * <p>Long before that, it has garbage collected when there is as much of it as of what is needed.
 *
 * <p>Fields are guarded by the one thread that looks, but for {@link #intake}.
 */
public final class MemoryGuard {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryGuard.class);

    private static final Duration BETWEEN_COLLECTIONS = Duration.ofMinutes(1);

    /** Garbage is collected when there is this much, and as much as is needed, as Go does it. */
    private static final long MUCH_GARBAGE = 32 << 20;

    /** This much, when nothing was collected for a while: a shorter one where garbage could hold up work. */
    private static final long SOME_GARBAGE = 8 << 20;

    private static final Duration BETWEEN_COLLECTIONS_AT_THE_LIMIT = Duration.ofSeconds(5);

    private static final Duration BETWEEN_REMINDERS = Duration.ofMinutes(1);
    private static final double HEAP_IS_FULL = 0.9;
    private static final double TIGHT = 0.8;
    private static final double FULL = 1;
    private static final double SLACK = 0.05;

    /** What the guard can do. */
    public interface Relief {
        /** Gives back buffers and slack. */
        void trim();

        /** Collects garbage, all of it. */
        void collect();

        /** Takes so much new work from now on. */
        void take(Intake intake);
    }

    private final long limit;
    private final ProcessMemory memory;
    private final LongSupplier nanoTime;
    private final Relief relief;

    private volatile Intake intake = Intake.FULL;
    private long lastCollection;
    private long lastRelief;
    private long lastReminder;

    /**
     * @param limit of the whole process, bytes
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    public MemoryGuard(long limit, ProcessMemory memory, LongSupplier nanoTime, Relief relief) {
        this.limit = limit;
        this.memory = memory;
        this.nanoTime = nanoTime;
        this.relief = relief;
        // The first one may come at once.
        this.lastCollection = nanoTime.getAsLong() - BETWEEN_COLLECTIONS.toNanos();
        this.lastRelief = lastCollection;
    }

    /** What the last look led to. */
    public Intake intake() {
        return intake;
    }

    /** What is in use now of what the limits allow, for people. */
    public String inUse() {
        return "%d of %d MB are in use, and %d of %d MB of the heap needed"
                .formatted(mb(memory.residentSet()), mb(limit), mb(memory.heapNeeded()), mb(memory.heapLimit()));
    }

    /** Looks once. Called by one thread, every second. */
    public void look() {
        double share = Math.max(processShare(), heapShare(memory.heap()));
        if (share >= TIGHT && isPast(lastRelief, BETWEEN_COLLECTIONS)) {
            lastRelief = nanoTime.getAsLong();
            relief.trim();
            collect();
        } else if (worthCollecting(memory.heap() - memory.heapNeeded(), share)) {
            collect();
        }
        Intake before = intake;
        Intake now = after(before, Math.max(processShare(), heapShare(memory.heapNeeded())));
        intake = now;
        if (now != before) {
            relief.take(now);
            tell(before, now);
        } else if (now == Intake.STOPPED && isPast(lastReminder, BETWEEN_REMINDERS)) {
            remind();
        }
    }

    private static Intake after(Intake before, double share) {
        if (share >= (before == Intake.STOPPED ? FULL - SLACK : FULL)) {
            return Intake.STOPPED;
        }
        return share >= (before == Intake.FULL ? TIGHT : TIGHT - SLACK) ? Intake.SLOWED : Intake.FULL;
    }

    private double processShare() {
        return (double) memory.residentSet() / limit;
    }

    private double heapShare(long bytes) {
        return bytes / (HEAP_IS_FULL * memory.heapLimit());
    }

    /**
     * The Serial collector lets the heap grow to its limit before it looks at what has grown old, and under load nearly
     * all of that is garbage: what was in flight for longer than the young generation holds. It gives nothing back
     * either while it has nothing to do. What is short must not be short of garbage.
     */
    private boolean worthCollecting(long garbage, double share) {
        if (garbage >= (share >= TIGHT ? MUCH_GARBAGE : Math.max(MUCH_GARBAGE, memory.heapNeeded()))) {
            return true;
        }
        boolean some = garbage >= SOME_GARBAGE;
        if (some && share >= FULL) {
            return isPast(lastCollection, BETWEEN_COLLECTIONS_AT_THE_LIMIT);
        }
        return (some || intake != Intake.FULL) && isPast(lastCollection, BETWEEN_COLLECTIONS);
    }

    private boolean isPast(long moment, Duration since) {
        return nanoTime.getAsLong() - moment >= since.toNanos();
    }

    private void collect() {
        lastCollection = nanoTime.getAsLong();
        relief.collect();
    }

    private void tell(Intake before, Intake now) {
        switch (now) {
            case STOPPED -> remind();
            case SLOWED ->
                LOG.info(
                        "memory: {}; {} is taken by a quarter of the workers",
                        inUse(),
                        before == Intake.STOPPED ? "new work" : "until there is room, new work");
            case FULL -> LOG.info("memory: {}; work goes on as usual", inUse());
        }
    }

    /** A limit that is too small for the cluster would else hold up all work for ever, and nobody knew. */
    private void remind() {
        lastReminder = nanoTime.getAsLong();
        LOG.warn(
                "memory: {}; no new work is taken until there is room. If this stays so, {}",
                inUse(),
                processShare() >= heapShare(memory.heapNeeded())
                        ? "give the process more with --max-memory-mb"
                        : "give the heap more with -Xmx, in BLOCK_JAVA_OPTS, or in _JAVA_OPTIONS in a container");
    }

    private static long mb(long bytes) {
        return bytes >> 20;
    }
}
