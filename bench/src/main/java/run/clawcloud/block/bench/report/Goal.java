package run.clawcloud.block.bench.report;

import java.util.Locale;

/** What is to be reached, by the names that the docs give it. The only place where these numbers stand. */
public enum Goal {
    RSS_100K("P1", Bound.AT_MOST, 112),
    RSS_100K_LOCKED("P2", Bound.AT_MOST, 128),
    RSS_1M("P3", Bound.AT_MOST, 144),
    RSS_1M_LOCKED("P3", Bound.AT_MOST, 256),
    START("P4", Bound.AT_MOST, 1.5),
    WIDE_SYNC("P5", Bound.AT_MOST, 2),
    LATENCY_P50_RATIO("P6", Bound.AT_MOST, 1.3),
    LATENCY_P99_RATIO("P6", Bound.AT_MOST, 1.5),
    LATENCY_P50("P6", Bound.AT_MOST, 20),
    THROUGHPUT("P7", Bound.AT_LEAST, 0.85),
    IDLE_REQUESTS("P8", Bound.AT_MOST, 20),
    LOCK_REQUESTS("P9", Bound.AT_MOST, 10),
    UNLOCK_REQUESTS("P9", Bound.AT_MOST, 9),
    RESTART_REQUESTS("P10", Bound.AT_MOST, 10),
    FILTER("P11", Bound.AT_LEAST, 75),
    INSERTS("P12", Bound.AT_LEAST, 5),
    DELETES("P12", Bound.AT_LEAST, 5),
    INDEX_BYTES("P13", Bound.AT_MOST, 64),
    EXPIRY_SCAN("P14", Bound.AT_MOST, 2),
    THREADS_IDLE("P15", Bound.AT_MOST, 24),
    THREADS_LOADED("P15", Bound.AT_MOST, 24),
    RSS_SLOPE("P16", Bound.BELOW, 1);

    private enum Bound {
        AT_MOST("≤"),
        AT_LEAST("≥"),
        BELOW("<");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }
    }

    private final String row;
    private final Bound bound;
    private final double limit;

    Goal(String row, Bound bound, double limit) {
        this.row = row;
        this.bound = bound;
        this.limit = limit;
    }

    /** The row of the docs' table, such as {@code P1}. */
    public String row() {
        return row;
    }

    public double limit() {
        return limit;
    }

    /** Whether a value, in the unit of the figure, is as good as it has to be. */
    public boolean isMetBy(double value) {
        return switch (bound) {
            case AT_MOST -> value <= limit;
            case AT_LEAST -> value >= limit;
            case BELOW -> value < limit;
        };
    }

    /** Such as {@code ≤ 112}. */
    @Override
    public String toString() {
        return bound.sign + " " + String.format(Locale.ROOT, limit == Math.rint(limit) ? "%.0f" : "%.2f", limit);
    }
}
