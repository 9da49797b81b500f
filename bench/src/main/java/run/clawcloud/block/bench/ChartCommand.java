package run.clawcloud.block.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import run.clawcloud.block.bench.report.Charts;
import run.clawcloud.block.bench.report.Pages;
import run.clawcloud.block.bench.report.Results;

/** Brings what was measured into the docs. */
@Command(
        description =
                "Draws the charts and writes the tables of the README and the docs, from the latest runs that were"
                        + " kept.",
        sortOptions = false)
final class ChartCommand implements Callable<Integer> {
    private final Lab lab;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--into", paramLabel = "DIRECTORY", description = "Where README.md and docs are (the project).")
    private @Nullable Path into;

    ChartCommand(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Integer call() throws IOException {
        Path project = into == null ? lab.home() : into;
        Results results = new Results(common.results(lab));
        new Charts(results)
                .draw(project.resolve("docs"))
                .forEach(file -> lab.out().println(file));
        new Pages(results).write(project).forEach(file -> lab.out().println(file));
        return ExitCode.OK;
    }
}
