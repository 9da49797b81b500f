package run.clawcloud.block.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the demo was asked to do.
 *
 * @param namespaces how many namespaces the embedded cluster gets
 * @param lock how many of them are locked, and opened again
 * @param expire how many others are locked with a time that runs out
 * @param keep whether both processes are left running
 * @param timeout the longest time that a phase may go without any progress
 */
record Options(int namespaces, int lock, int expire, boolean keep, Duration timeout) {
    /** More would need more memory than the embedded cluster's process is given. */
    static final int MAX_NAMESPACES = 1_000_000;

    /** The share of namespaces that carry the status label before the demo touches any, in percent. */
    static final int LABELLED_PERCENT = 5;

    /** A value that is not allowed. */
    record Problem(String option, String value, String allowed) {
        @Override
        public String toString() {
            return "Invalid value for option '%s': '%s' is not allowed: %s".formatted(option, value, allowed);
        }
    }

    /** The first value that makes no sense, or nothing if all do. */
    Optional<Problem> problem() {
        int free = free();
        return List.of(
                        range("--namespaces", namespaces, 1, MAX_NAMESPACES, ""),
                        range("--lock", lock, 0, free, ", the unlabelled ones of " + namespaces + " namespaces"),
                        range(
                                "--expire",
                                expire,
                                0,
                                free - lock,
                                ", what --lock leaves of " + namespaces + " namespaces"))
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Namespaces that nobody has labelled, and that are therefore the demo's to lock. */
    private int free() {
        return namespaces - (int) Math.ceilDiv((long) namespaces * LABELLED_PERCENT, 100L);
    }

    private static Optional<Problem> range(String option, int value, int min, int max, String why) {
        return value >= min && value <= max
                ? Optional.empty()
                : Optional.of(new Problem(
                        option,
                        Integer.toString(value),
                        "a whole number from " + min + " to " + Math.max(min, max) + why));
    }
}
