package run.clawcloud.block.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the process under its memory limit: at 80 % it gives back what can be had again, at 100 % it stops taking work
 * until there is room. No state is lost by it.
 */
public final class MemoryGuard {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryGuard.class);
    private static final Pattern RESIDENT_SET = Pattern.compile("VmRSS:\\s+([0-9]+) kB");
    private static final Duration BETWEEN_COLLECTIONS = Duration.ofMinutes(1);

    /** What the guard can do. */
    public interface Relief {
        /** Gives back buffers and slack. */
        void trim();

        void stopIntake();

        void resumeIntake();
    }

    private final long limit;
    private final LongSupplier rss;
    private final LongSupplier nanoTime;
    private final Runnable collector;
    private final Relief relief;

    private boolean stopped;
    private long lastCollection;
    private boolean collected;

    /**
     * @param limit of the whole process, bytes
     * @param rss the process's resident set now, bytes
     * @param collector collects garbage
     */
    public MemoryGuard(long limit, LongSupplier rss, LongSupplier nanoTime, Runnable collector, Relief relief) {
        this.limit = limit;
        this.rss = rss;
        this.nanoTime = nanoTime;
        this.collector = collector;
        this.relief = relief;
    }

    /** Looks once. Called by one thread, every few seconds. */
    public void look() {
        long now = rss.getAsLong();
        if (now >= limit / 10 * 8) {
            relieve();
            now = rss.getAsLong();
        }
        if (now >= limit && !stopped) {
            stopped = true;
            LOG.warn("memory: {} MB of {} MB are in use; no new work is taken until there is room", mb(now), mb(limit));
            relief.stopIntake();
        } else if (now < limit && stopped) {
            stopped = false;
            LOG.info("memory: {} MB of {} MB are in use; work goes on", mb(now), mb(limit));
            relief.resumeIntake();
        }
    }

    private void relieve() {
        long time = nanoTime.getAsLong();
        if (!collected || time - lastCollection >= BETWEEN_COLLECTIONS.toNanos()) {
            collected = true;
            lastCollection = time;
            relief.trim();
            collector.run();
        }
    }

    private static long mb(long bytes) {
        return bytes >> 20;
    }

    /** The resident set of this process in bytes, as Linux tells it; elsewhere, the heap in use. */
    public static long residentSet() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                Matcher matcher = RESIDENT_SET.matcher(line);
                if (matcher.matches()) {
                    return Long.parseLong(matcher.group(1)) << 10;
                }
            }
        } catch (IOException e) {
            LOG.trace("no /proc/self/status", e);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
