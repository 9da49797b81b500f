package run.clawcloud.block.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.bench.report.Commit;
import run.clawcloud.block.bench.report.Results;
import run.clawcloud.block.bench.report.Run;
import run.clawcloud.block.bench.report.Table;
import run.clawcloud.block.harness.HarnessException;

/**
 * Where a benchmark runs and where its results go.
 *
 * @param script the launcher script; null if it was not started through it
 * @param terminal whether stderr is one
 * @param out where the tables go
 */
record Lab(@Nullable String script, boolean terminal, PrintWriter out) {
    Path launcher() {
        if (script == null) {
            throw new HarnessException("start it through the launcher script, as ./block-controller bench");
        }
        return Path.of(script);
    }

    /** The directory of the launcher script, which is that of the project. */
    Path home() {
        Path parent = launcher().toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    String commit() throws InterruptedException {
        return Commit.of(home());
    }

    /** Prints the table of a run and keeps the run. */
    void publish(Run run, Path results) throws IOException {
        out.print(Table.of(run.figures()));
        out.println("Kept in " + new Results(results).append(run));
        out.flush();
    }
}
