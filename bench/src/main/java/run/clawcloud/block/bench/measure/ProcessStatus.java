package run.clawcloud.block.bench.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import run.clawcloud.block.harness.HarnessException;

/**
 * What Linux says about a process.
 *
 * @param rss resident memory, bytes
 * @param peakRss the most that was ever resident, bytes
 * @param threads of the system: those of the JVM itself are among them
 * @param cpu processor time used so far
 * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
 */
public record ProcessStatus(long rss, long peakRss, int threads, Duration cpu) {
    /** Of the times in {@code /proc/PID/stat}: fixed for all programs, whatever the kernel's own clock. */
    private static final int TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    /** Reads it now. */
    public static ProcessStatus of(long pid) {
        try {
            Path directory = Path.of("/proc", Long.toString(pid));
            return parse(Files.readString(directory.resolve("status")), Files.readString(directory.resolve("stat")));
        } catch (IOException e) {
            throw new HarnessException("process " + pid + " can't be looked at in /proc (Linux is needed, and that it"
                    + " still runs): " + e.getMessage());
        }
    }

    static ProcessStatus parse(String status, String stat) {
        // The name of the program stands in brackets, and may itself hold blanks and brackets.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
        return new ProcessStatus(
                number(status, "VmRSS") * 1024,
                number(status, "VmHWM") * 1024,
                Math.toIntExact(number(status, "Threads")),
                Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND));
    }

    private static long number(String status, String field) {
        Matcher matcher =
                Pattern.compile("^" + field + ":\\s+(\\d+)", Pattern.MULTILINE).matcher(status);
        if (!matcher.find()) {
            throw new HarnessException("no " + field + " in /proc/PID/status");
        }
        return Long.parseLong(matcher.group(1));
    }

    /** The flags of a JVM: its arguments that stand before the class path. */
    public static String javaFlags(long pid) {
        try {
            String[] arguments = new String(Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline")), UTF_8)
                    .split("\0", -1);
            StringBuilder flags = new StringBuilder();
            for (int i = 1; i < arguments.length && arguments[i].startsWith("-") && !arguments[i].equals("-cp"); i++) {
                flags.append(i == 1 ? "" : " ").append(withoutDirectory(arguments[i]));
            }
            return flags.toString();
        } catch (IOException e) {
            throw new HarnessException("the command line of process " + pid + " can't be read: " + e.getMessage());
        }
    }

    /** Where a file lies differs from one machine to another and says nothing. */
    private static String withoutDirectory(String flag) {
        int value = flag.indexOf("=/");
        return value < 0 ? flag : flag.substring(0, value + 1) + flag.substring(flag.lastIndexOf('/') + 1);
    }

    /** Resident memory in MB: 10⁶ bytes. */
    public double rssMegabytes() {
        return rss / 1e6;
    }
}
