package run.clawcloud.block.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CustomResourceDefinition of BlockRequests: the file that every cluster gets. */
final class Definition {

    private static final String FILE = "deploy/crd/blockrequests.core.clawcloud.run.yaml";

    /** Set by the launcher script: where it is, at the root of the repository. */
    private static final String LAUNCHER = "BLOCK_CONTROLLER_LAUNCHER";

    private Definition() {}

    static String text() {
        String launcher = System.getenv(LAUNCHER);
        Path file = launcher == null ? Path.of("..", FILE) : Path.of(launcher).resolveSibling(FILE);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("start it through the launcher script, as ./block-controller torture", e);
        }
    }
}
