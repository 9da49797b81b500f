package run.clawcloud.block;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prometheus' own tool. Where it is not installed, the test that asks for it is skipped. */
final class Promtool {

    private Promtool() {}

    /**
     * How it ended.
     *
     * @param output what it said, on both its outputs
     */
    record Result(int status, String output) {}

    /** @param input what it reads, unless the arguments say something else */
    static Result run(Path input, String... arguments) throws IOException, InterruptedException {
        assumeInstalled();
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), output);
    }

    private static void assumeInstalled() {
        boolean installed = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool")));
        assumeThat(installed)
                .as("promtool, of Debian's package prometheus, is installed")
                .isTrue();
    }
}
