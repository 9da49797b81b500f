package run.clawcloud.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A controller in a process of its own, and what it says on stderr. */
final class ControllerProcess implements AutoCloseable {

    private final Process process;
    /** A file loses nothing of what is said in the last moment; of a pipe, the JDK may. */
    private final Path log;

    private ControllerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static ControllerProcess start(String... flags) throws IOException {
        return start(Main.class, flags);
    }

    static ControllerProcess start(Class<?> main, String... flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(flags));
        Path log = Files.createTempFile("controller", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile());
        // With JAVA_TOOL_OPTIONS, the JVM itself says a line; with the others, the flags are not all there is.
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("BLOCK_")
                        || name.equals("KUBECONFIG")
                        || name.equals("JAVA_TOOL_OPTIONS")
                        || name.equals("JDK_JAVA_OPTIONS"));
        return new ControllerProcess(builder.start(), log);
    }

    /** The whole lines on stderr so far. */
    List<String> said() throws IOException {
        String text = Files.readString(log);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    boolean runs() {
        return process.isAlive();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL, and waits until it is dead. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Sends SIGSTOP: it stands still, and does not know. */
    void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Sends SIGCONT. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    /** Waits for its end; afterwards {@link #said} is all that it said. */
    int exitStatus() {
        Eventually.holds(() -> !process.isAlive());
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.delete(log);
    }
}
