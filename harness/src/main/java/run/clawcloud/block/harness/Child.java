package run.clawcloud.block.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that was started here, with its output in a file. It ends with this one, unless it is to be left running.
 */
public final class Child implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);
    /** An environment variable of the launcher script. */
    private static final String JVM_OPTIONS = "BLOCK_JAVA_OPTS";

    private static final int LOG_LINES = 10;

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread stopAtExit;
    private volatile boolean leftRunning;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.stopAtExit = new Thread(this::stop, "stop-" + name);
        Runtime.getRuntime().addShutdownHook(stopAtExit);
    }

    /** Starts a subcommand of the launcher script. */
    public static Child start(String name, Path launcher, List<String> arguments, Path log) {
        return start(name, launcher, arguments, List.of(), log);
    }

    /**
     * Starts a subcommand of the launcher script.
     *
     * @param jvmOptions further ones of its JVM, which win over the launcher's
     */
    public static Child start(String name, Path launcher, List<String> arguments, List<String> jvmOptions, Path log) {
        List<String> command = new ArrayList<>();
        command.add(launcher.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().merge(JVM_OPTIONS, String.join(" ", jvmOptions), (given, more) -> given + " " + more);
        return start(name, builder, log);
    }

    /** Starts a program. */
    public static Child start(String name, List<String> command, Path log) {
        return start(name, new ProcessBuilder(command), log);
    }

    private static Child start(String name, ProcessBuilder builder, Path log) {
        try {
            Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new Child(name, process, log);
        } catch (IOException e) {
            throw new HarnessException("can't start " + name + ": " + e.getMessage());
        }
    }

    /** The process of the program itself: the launcher script becomes it. */
    public long pid() {
        return process.pid();
    }

    public Path log() {
        return log;
    }

    /** Throws, with the last lines of the log, if the process has ended. */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new HarnessException("%s has ended with status %d; the end of its log %s:%n%s"
                    .formatted(name, process.exitValue(), log, lastLines()));
        }
    }

    private String lastLines() {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return String.join(System.lineSeparator(), all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }

    /** Memory that the process has resident, in bytes; 0 if the system does not say. */
    public long residentBytes() throws InterruptedException {
        try {
            Path status = Path.of("/proc/" + pid() + "/status");
            if (Files.exists(status)) {
                return kibibytes(Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .findFirst()
                        .orElse(""));
            }
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid())).start();
            String output = new String(ps.getInputStream().readAllBytes(), UTF_8);
            ps.waitFor();
            return kibibytes(output);
        } catch (IOException e) {
            return 0;
        }
    }

    private static long kibibytes(String text) {
        String digits = text.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) * 1024;
    }

    /** The process outlives this one. */
    public void leaveRunning() {
        leftRunning = true;
    }

    private void stop() {
        if (leftRunning) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException e) {
            // The JVM is on its way out already: the hook does the same.
        }
    }
}
