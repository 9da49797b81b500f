package run.clawcloud.block.ops.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.clawcloud.block.ops.Logged;

/** A certificate whose files change, as those of a Secret do that is mounted: a symbolic link is put elsewhere. */
class ServerIdentityTest {

    private static final Path FILES = Path.of("src/test/resources/tls");

    private final AtomicLong nanoTime = new AtomicLong();

    @TempDir
    private Path mount;

    private int versions;

    /** A new version of the Secret, all of whose files change at once. */
    private void secret(String certificate, String key) throws IOException {
        Path version = Files.createDirectory(mount.resolve("..version-" + versions++));
        Files.copy(FILES.resolve(certificate), version.resolve("tls.crt"));
        Files.copy(FILES.resolve(key), version.resolve("tls.key"));
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), version.getFileName());
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (versions == 1) {
            Files.createSymbolicLink(mount.resolve("tls.crt"), Path.of("..data/tls.crt"));
            Files.createSymbolicLink(mount.resolve("tls.key"), Path.of("..data/tls.key"));
        }
    }

    private ServerIdentity start() throws IOException {
        return ServerIdentity.ofFiles(mount.resolve("tls.crt"), mount.resolve("tls.key"), nanoTime::get);
    }

    private void aSecondPasses() {
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }

    /** What is shown to who connects now and can do with every kind of key; null for nothing. */
    private static @Nullable String shown(ServerIdentity identity) {
        for (String keyType : new String[] {"EC", "RSA"}) {
            String alias = identity.chooseEngineServerAlias(keyType, null, null);
            if (alias != null) {
                return subject(identity, alias);
            }
        }
        return null;
    }

    private static String subject(ServerIdentity identity, String alias) {
        X509Certificate[] chain = Objects.requireNonNull(identity.getCertificateChain(alias));
        assertThat(Objects.requireNonNull(identity.getPrivateKey(alias)).getAlgorithm())
                .isEqualTo(chain[0].getPublicKey().getAlgorithm());
        return chain[0].getSubjectX500Principal().getName();
    }

    @Test
    void aRotatedSecretIsShownFromTheNextConnectionOn() throws Exception {
        secret("rsa.crt", "rsa-pkcs1.key");
        ServerIdentity identity = start();
        assertThat(shown(identity)).isEqualTo("CN=first");

        secret("ec.crt", "ec-sec1.key");
        assertThat(shown(identity)).as("at most one look in a second").isEqualTo("CN=first");
        aSecondPasses();
        assertThat(shown(identity)).isEqualTo("CN=second");
        assertThat(identity.chooseEngineServerAlias("RSA", null, null)).isNull();
    }

    @Test
    void aConnectionThatHasChosenGetsTheKeyAndTheCertificateOfOneAndTheSame() throws Exception {
        secret("rsa.crt", "rsa-pkcs8.key");
        ServerIdentity identity = start();
        String chosen = Objects.requireNonNull(identity.chooseEngineServerAlias("RSA", null, null));

        secret("ec.crt", "ec-pkcs8.key");
        aSecondPasses();

        assertThat(shown(identity)).isEqualTo("CN=second");
        assertThat(subject(identity, chosen)).isEqualTo("CN=first");
    }

    @Test
    void whatCanNotBeUsedIsSaidOnceAndTheOneBeforeStays() throws Exception {
        secret("rsa.crt", "rsa-pkcs8.key");
        ServerIdentity identity = start();
        try (Logged logged = new Logged(ServerIdentity.class)) {
            secret("ec.crt", "rsa-pkcs8.key");
            for (int i = 0; i < 3; i++) {
                aSecondPasses();
                assertThat(shown(identity)).isEqualTo("CN=first");
            }
            assertThat(logged.lines())
                    .singleElement()
                    .asString()
                    .satisfies(line -> assertThat(line)
                            .startsWith("WARN " + mount.resolve("tls.crt") + " with " + mount.resolve("tls.key")
                                    + " can't be used: ")
                            .contains("the certificate before is kept: CN=first, serial number "));

            Files.delete(mount.resolve("tls.key"));
            aSecondPasses();
            assertThat(shown(identity)).isEqualTo("CN=first");
            assertThat(logged.lines()).hasSize(2).last().asString().contains("there is no " + mount.resolve("tls.key"));

            Files.createSymbolicLink(mount.resolve("tls.key"), Path.of("..data/tls.key"));
            secret("ec.crt", "ec-pkcs8.key");
            aSecondPasses();
            assertThat(shown(identity)).isEqualTo("CN=second");
            assertThat(logged.lines()).hasSize(3).last().asString().startsWith("INFO a new certificate");
        }
    }

    @Test
    void atTheStartThereHasToBeOne() throws Exception {
        assertThatThrownBy(this::start)
                .isInstanceOf(IOException.class)
                .hasMessage("there is no " + mount.resolve("tls.crt"));

        secret("ec.crt", "rsa-pkcs1.key");
        assertThatThrownBy(this::start).isInstanceOf(IOException.class).hasMessageContaining("can't be used: ");
    }
}
