package run.clawcloud.block.leader;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process may write, asked before each write. It may for the renew deadline from when the last renewal
 * that went through was <em>begun</em>, by its own clocks, and whatever else happens: a process that was stopped, or
 * that is cut off, finds its time over without having to be told. The monotonic clock stands still while the machine
 * sleeps, the wall clock may be set: both have to agree that there is time left. Once it has ended it never begins
 * again. Thread-safe.
 */
public final class Leadership {

    /** A moment by both clocks. */
    public record Moment(long nanos, long millis) {
        /** The time between, by the monotonic clock. */
        Duration since(Moment before) {
            return Duration.ofNanos(nanos - before.nanos);
        }
    }

    private final Duration length;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Set<Runnable> underWay = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Moment renewed;
    private volatile @Nullable Moment abandoned;
    private volatile boolean ended;

    /**
     * Not held yet.
     *
     * @param length for how long a renewal lets write
     * @param nanoTime as {@link System#nanoTime}
     */
    public Leadership(Duration length, LongSupplier nanoTime, InstantSource clock) {
        this.length = length;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /** Now. */
    public Moment now() {
        return new Moment(nanoTime.getAsLong(), clock.millis());
    }

    /** The Lease was taken or renewed by a request that was begun then. */
    public void renewed(Moment begun) {
        renewed = begun;
    }

    /** Whether it is held now. */
    public boolean held() {
        return left().isPositive();
    }

    /** For how long it may still write, if it is not renewed; zero when it may not. */
    Duration left() {
        Moment begun = renewed;
        return ended || begun == null ? Duration.ZERO : left(begun, length);
    }

    private Duration left(Moment since, Duration most) {
        Moment now = now();
        Duration monotonic = most.minusNanos(now.nanos() - since.nanos());
        Duration wall = most.minusMillis(now.millis() - since.millis());
        Duration left = monotonic.compareTo(wall) < 0 ? monotonic : wall;
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * A write has begun.
     *
     * @param cancel called when the leadership ends before the write does
     */
    public void begun(Runnable cancel) {
        underWay.add(cancel);
        if (ended) {
            cancel.run();
        }
    }

    /**
     * A write has ended.
     *
     * @param cancel as it was begun with
     * @param settled whether the server said what became of it; else it may still be about to carry it out
     */
    public void over(Runnable cancel, boolean settled) {
        if (!settled) {
            abandoned = now();
        }
        underWay.remove(cancel);
    }

    /** Ends it, for good. What is under way is cancelled. */
    public void end() {
        ended = true;
        underWay.forEach(Runnable::run);
    }

    /**
     * Whether no write of this process can still be carried out.
     *
     * @param longest for how long a server may work on a request that nobody waits for
     */
    boolean quiet(Duration longest) {
        Moment last = abandoned;
        return underWay.isEmpty() && (last == null || !left(last, longest).isPositive());
    }
}
