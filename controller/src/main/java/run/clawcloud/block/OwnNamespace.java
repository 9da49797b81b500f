package run.clawcloud.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The namespace that the controller itself runs in. */
final class OwnNamespace {

    /** Mounted into every pod that has a service account. */
    private static final Path MOUNTED = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    private OwnNamespace() {}

    /** {@code POD_NAMESPACE}, or what the service account's mount says; empty outside a cluster. */
    static Optional<String> find() {
        String environment = System.getenv("POD_NAMESPACE");
        if (environment != null && !environment.isBlank()) {
            return Optional.of(environment.strip());
        }
        try {
            return Optional.of(Files.readString(MOUNTED).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
