package run.clawcloud.block.ops;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that must be well for the process to be ready, and perhaps for it to be alive.
 *
 * @param name one word
 * @param ready looks now whether work can be done
 * @param alive looks now whether a restart would mend something; null when it never does
 */
public record HealthCheck(
        String name, Supplier<Finding> ready, @Nullable Supplier<Finding> alive) {

    /** One that no restart would mend. */
    public HealthCheck(String name, Supplier<Finding> ready) {
        this(name, ready, null);
    }

    /**
     * What a check has found.
     *
     * @param details for people; may be empty
     */
    public record Finding(boolean well, String details) {

        /** Nothing is wrong, and there is nothing to say. */
        public static final Finding WELL = new Finding(true, "");

        /** Something is wrong. */
        public static Finding unwell(String details) {
            return new Finding(false, details);
        }
    }

    /** One line, as the API server writes it at {@code /readyz?verbose}. */
    static String line(String name, Finding finding) {
        String details = finding.details().isEmpty() ? "" : ": " + finding.details();
        return (finding.well() ? "[+]" + name + " ok" : "[-]" + name + " failed") + details + "\n";
    }
}
