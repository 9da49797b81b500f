package run.clawcloud.block.bench.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import run.clawcloud.block.harness.HarnessException;

/**
 * The platform threads of a JVM as Java counts them: those of programs and libraries, carriers of virtual threads among
 * them, but not the compilers and helpers of the JVM itself.
 *
 * @param live now
 * @param peak the most there were at once
 */
public record JavaThreads(int live, int peak) {
    /** Asks a JVM of this user, with the {@code jcmd} of this one. */
    public static JavaThreads of(long pid) throws InterruptedException {
        try {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            "PerfCounter.print")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
            jcmd.waitFor();
            return parse(output);
        } catch (IOException e) {
            throw new HarnessException("jcmd can't be run: " + e.getMessage());
        }
    }

    static JavaThreads parse(String output) {
        return new JavaThreads(number(output, "java.threads.live"), number(output, "java.threads.livePeak"));
    }

    private static int number(String output, String counter) {
        Matcher matcher = Pattern.compile("^" + Pattern.quote(counter) + "=(\\d+)$", Pattern.MULTILINE)
                .matcher(output);
        if (!matcher.find()) {
            throw new HarnessException("no " + counter + " in what jcmd says: "
                    + output.lines().findFirst().orElse("nothing"));
        }
        return Integer.parseInt(matcher.group(1));
    }
}
