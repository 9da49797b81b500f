package run.clawcloud.block.harness;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Tells on one stream how far a phase is: on a terminal as one line that is written over, elsewhere as a line now and
 * then. Safe for use by many threads.
 */
public final class Progress {
    private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(100);
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);
    private static final String START_OF_EMPTY_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private long phaseStart;
    private long lastShown;

    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    public synchronized void begin() {
        phaseStart = System.nanoTime();
        lastShown = phaseStart;
    }

    /** Shows how far the phase is, unless it did so just now. */
    public synchronized void update(String phase, long done, long total) {
        long now = System.nanoTime();
        if (now - lastShown < (terminal ? TERMINAL_INTERVAL : PLAIN_INTERVAL).toNanos()) {
            return;
        }
        lastShown = now;
        String line = String.format(Locale.ROOT, "%-18s %,d of %,d  %s", phase, done, total, seconds(elapsed()));
        if (terminal) {
            out.print(START_OF_EMPTY_LINE + line);
            out.flush();
        } else {
            out.println(line);
        }
    }

    /** Ends the phase with a line that stays; returns how long the phase took. */
    public synchronized Duration end(String phase, String result) {
        Duration elapsed = elapsed();
        out.printf("%s%-18s %-58s %9s%n", terminal ? START_OF_EMPTY_LINE : "", phase, result, seconds(elapsed));
        return elapsed;
    }

    /** Takes back the line of a phase that did not end. */
    public synchronized void clear() {
        if (terminal) {
            out.print(START_OF_EMPTY_LINE);
            out.flush();
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - phaseStart);
    }

    public static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toNanos() / 1e9);
    }
}
