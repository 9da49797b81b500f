package run.clawcloud.block.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which code was measured. */
public final class Commit {
    /** Behind the commit, when what was measured differs from it. */
    static final String DIRTY = "-dirty";

    private static final String UNKNOWN = "unknown";

    private Commit() {}

    /**
     * The commit that is checked out, with {@code -dirty} behind it when a file differs that could matter: results,
     * charts and documents do not.
     *
     * @param home the repository; {@code unknown} if it is none
     */
    public static String of(Path home) throws InterruptedException {
        String head = git(home, "rev-parse", "HEAD").strip();
        if (head.isEmpty()) {
            return UNKNOWN;
        }
        String changes = git(
                home,
                "status",
                "--porcelain",
                "--untracked-files=no",
                "--",
                ".",
                ":!bench/results",
                ":!docs",
                ":!*.md");
        return changes.isBlank() ? head : head + DIRTY;
    }

    private static String git(Path home, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", home.toString()));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(git.getInputStream().readAllBytes(), UTF_8);
            return git.waitFor() == 0 ? output : "";
        } catch (IOException e) {
            return "";
        }
    }
}
