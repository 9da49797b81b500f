package run.clawcloud.block.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every benchmark. */
final class CommonOptions {
    @Option(
            names = "--results",
            paramLabel = "DIRECTORY",
            description = "Where the JSON lines are kept (bench/results of the project).")
    private @Nullable Path results;

    Path results(Lab lab) {
        return results == null ? lab.home().resolve("bench").resolve("results") : results;
    }
}
