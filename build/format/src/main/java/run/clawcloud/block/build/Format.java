package run.clawcloud.block.build;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks or applies the source format below a directory. */
public final class Format {

    private static final JavaFormatterOptions.Style STYLE = JavaFormatterOptions.Style.PALANTIR;

    private Format() {}

    /**
     * Runs the formatter.
     *
     * @param args {@code check} or {@code apply}, and the root of the source tree; exit status 1 when a file was found
     *     that is not formatted ({@code check}) or can't be parsed
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2 || !(args[0].equals("check") || args[0].equals("apply"))) {
            System.err.println("usage: Format check|apply DIRECTORY");
            System.exit(2);
        }
        Formatter formatter = Formatter.createFormatter(
                JavaFormatterOptions.builder().style(STYLE).formatJavadoc(true).build());
        List<String> wrong = new ArrayList<>();
        for (Path file : sources(Path.of(args[1]))) {
            String source = Files.readString(file);
            try {
                String formatted = formatter.formatSource(
                        ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(source), STYLE));
                if (!formatted.equals(source)) {
                    if (args[0].equals("apply")) {
                        Files.writeString(file, formatted);
                    } else {
                        wrong.add(file.normalize().toString());
                    }
                }
            } catch (FormatterException e) {
                wrong.add(file.normalize() + ": " + e.getMessage());
            }
        }
        if (!wrong.isEmpty()) {
            System.err.println("Not formatted; mvn -pl build/format process-classes -Dformat=apply mends it:");
            wrong.forEach(line -> System.err.println("  " + line));
            System.exit(1);
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> Stream.of(root.relativize(path).toString().split("/"))
                            .noneMatch("target"::equals))
                    .sorted()
                    .toList();
        }
    }
}
