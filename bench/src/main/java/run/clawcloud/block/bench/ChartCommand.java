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
import run.clawcloud.block.bench.report.Results;

/** Draws the charts of the docs. */
@Command(description = "Draws the charts of the docs from the latest runs that were kept.", sortOptions = false)
final class ChartCommand implements Callable<Integer> {
    private final Lab lab;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--into", paramLabel = "DIRECTORY", description = "Where the charts go (docs of the project).")
    private @Nullable Path into;

    ChartCommand(Lab lab) {
        this.lab = lab;
    }

    @Override
    public Integer call() throws IOException {
        Path directory = into == null ? lab.home().resolve("docs") : into;
        new Charts(new Results(common.results(lab)))
                .draw(directory)
                .forEach(file -> lab.out().println(file));
        return ExitCode.OK;
    }
}
