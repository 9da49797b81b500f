package run.clawcloud.block.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import run.clawcloud.block.harness.HarnessException;

/** The pages that show figures: the table stands there between two marks. */
public final class Pages {
    private static final String BEGIN = "<!-- figures: made by ./block-controller bench chart -->\n";
    private static final String END = "<!-- end of figures -->\n";

    private final Results results;

    public Pages(Results results) {
        this.results = results;
    }

    /** Writes the tables anew; returns the files. */
    public List<Path> write(Path project) throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(replace(project.resolve("README.md"), FigureTable.few(results)));
        files.add(replace(project.resolve("docs").resolve("performance.md"), FigureTable.all(results)));
        return files;
    }

    private static Path replace(Path page, String table) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new HarnessException(page + " has no place for the figures: it needs the lines '" + BEGIN.strip()
                    + "' and '" + END.strip() + "'");
        }
        return Files.writeString(
                page, text.substring(0, begin + BEGIN.length()) + "\n" + table + "\n" + text.substring(end));
    }
}
