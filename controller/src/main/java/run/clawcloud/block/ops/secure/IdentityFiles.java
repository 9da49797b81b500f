package run.clawcloud.block.ops.secure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A certificate and its key in two files of PEM. <b>Not thread-safe.</b>
 *
 * @see <a href="https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets">TLS Secrets</a>
 */
final class IdentityFiles {

    private final Path certificate;
    private final Path key;

    private byte @Nullable [] certificateSeen;
    private byte @Nullable [] keySeen;

    IdentityFiles(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Reads what is in them, if that is something else than at the last time: whole, since a mounted Secret changes by
     * a symbolic link, and neither times nor sizes need tell.
     *
     * @throws IOException when it can't be used; the message says which file and why, in one line
     */
    Optional<Identity> changed() throws IOException {
        byte[] certificateNow = read(certificate);
        byte[] keyNow = read(key);
        if (Arrays.equals(certificateNow, certificateSeen) && Arrays.equals(keyNow, keySeen)) {
            return Optional.empty();
        }
        certificateSeen = certificateNow;
        keySeen = keyNow;
        try {
            return Optional.of(Identity.of(certificateNow, keyNow));
        } catch (GeneralSecurityException e) {
            throw new IOException(this + " can't be used: " + firstLine(e), e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no " + file, e);
        } catch (IOException e) {
            throw new IOException(file + " can't be read: " + firstLine(e), e);
        }
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    @Override
    public String toString() {
        return certificate + " with " + key;
    }
}
