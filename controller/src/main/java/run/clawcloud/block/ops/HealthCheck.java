package run.clawcloud.block.ops;

import java.util.function.Supplier;

/**
 * Something that must be well for the process to be ready.
 *
 * @param name one word
 * @param finding looks now
 */
public record HealthCheck(String name, Supplier<Finding> finding) {

    /**
     * What a check has found.
     *
     * @param details for people; may be empty
     */
    public record Finding(boolean well, String details) {}

    /** One line, as the API server writes it at {@code /readyz?verbose}. */
    static String line(String name, Finding finding) {
        String details = finding.details().isEmpty() ? "" : ": " + finding.details();
        return (finding.well() ? "[+]" + name + " ok" : "[-]" + name + " failed") + details + "\n";
    }
}
