package run.clawcloud.block.cluster;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The user of a kubeconfig's context, as the client library reads it. Where a program gives out the credentials (an
 * {@code exec} plugin), the library runs it and would wait for ever: here it has a time limit, and is killed after it.
 * One thread reads at a time.
 *
 * @param file the kubeconfig
 * @param plugin the program's name; null when there is none
 * @param limit for the program
 */
record KubeconfigUser(Path file, String context, @Nullable String plugin, Duration limit) {

    /** Half of what a request has until its answer begins: the one that waits for the credentials still gets one. */
    static final Duration PLUGIN_LIMIT = Duration.ofSeconds(30);

    /**
     * Reads the file, and lets the program run.
     *
     * @throws IOException when the file can't be read, or the program is not done in time
     * @throws RuntimeException of the library, when the file makes no sense or the program fails
     */
    Config read() throws IOException {
        if (plugin == null) {
            return readFile();
        }
        Set<ProcessHandle> before = children();
        FutureTask<Config> reading = new FutureTask<>(this::readFile);
        Thread.ofVirtual().name("credentials").start(reading);
        try {
            return reading.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            killAllBut(before);
            throw new IOException(
                    "the program " + plugin + ", which gives out the credentials, was not done within "
                            + limit.toSeconds() + " s and was killed",
                    e);
        } catch (InterruptedException e) {
            killAllBut(before);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the program " + plugin + " runs");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private Config readFile() {
        return Config.fromKubeconfig(context, file.toFile());
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toSet());
    }

    /** The library keeps what it has started to itself. This process starts nothing else. */
    private static void killAllBut(Set<ProcessHandle> others) {
        ProcessHandle.current()
                .children()
                .filter(each -> !others.contains(each))
                .forEach(program -> {
                    List<ProcessHandle> startedByIt = program.descendants().toList();
                    program.destroyForcibly();
                    startedByIt.forEach(ProcessHandle::destroyForcibly);
                });
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> new IOException(cause);
        };
    }
}
