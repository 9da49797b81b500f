package run.clawcloud.block.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import run.clawcloud.block.harness.Api;
import tools.jackson.databind.JsonNode;

/** The runs that were kept: a file of JSON lines for each benchmark, the latest run last. */
public final class Results {
    private final Path directory;

    public Results(Path directory) {
        this.directory = directory;
    }

    /** Adds a run; returns the file. */
    public Path append(Run run) throws IOException {
        Files.createDirectories(directory);
        Path file = file(run.bench());
        Files.writeString(file, run.toJson() + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return file;
    }

    /** The runs of a benchmark, in order; none if there is no file. */
    List<JsonNode> all(String bench) throws IOException {
        if (!Files.exists(file(bench))) {
            return List.of();
        }
        return Files.readAllLines(file(bench)).stream()
                .filter(line -> !line.isBlank())
                .map(Api.JSON::readTree)
                .toList();
    }

    /**
     * The latest run of a benchmark with these options, of code that was committed, and with the JVM's and the
     * controller's options as they are shipped.
     */
    Optional<JsonNode> latest(String bench, Map<String, String> options) throws IOException {
        return all(bench).stream()
                .filter(run ->
                        !run.path("options").has("jvm") && !run.path("options").has("controller"))
                .filter(run -> !run.path("commit").asString("").endsWith(Commit.DIRTY))
                .filter(run -> options.entrySet().stream()
                        .allMatch(wanted -> run.path("options")
                                .path(wanted.getKey())
                                .asString("")
                                .equals(wanted.getValue())))
                .reduce((earlier, later) -> later);
    }

    private Path file(String bench) {
        return directory.resolve(bench + ".jsonl");
    }
}
