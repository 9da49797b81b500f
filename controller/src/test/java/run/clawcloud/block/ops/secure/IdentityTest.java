package run.clawcloud.block.ops.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and keys as they stand in files. They were made by {@code openssl req -x509 -nodes -days 36500}. */
class IdentityTest {

    private static final Path FILES = Path.of("src/test/resources/tls");

    private static byte[] file(String name) throws IOException {
        return Files.readAllBytes(FILES.resolve(name));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.crt, rsa-pkcs8.key, RSA",
        "rsa.crt, rsa-pkcs1.key, RSA",
        "ec.crt, ec-pkcs8.key, EC",
        "ec.crt, ec-sec1.key, EC",
        "ed25519.crt, ed25519.key, EdDSA"
    })
    void takesKeysInEveryFormThatIsUsual(String certificate, String key, String algorithm) throws Exception {
        Identity identity = Identity.of(file(certificate), file(key));

        assertThat(identity.key().getAlgorithm()).isEqualTo(algorithm);
        assertThat(identity.chain()).hasSize(1);
    }

    @Test
    void takesTheWholeChain() throws Exception {
        String chain = new String(file("ec.crt"), StandardCharsets.US_ASCII)
                + new String(file("rsa.crt"), StandardCharsets.US_ASCII);

        Identity identity = Identity.of(chain.getBytes(StandardCharsets.US_ASCII), file("ec-pkcs8.key"));

        assertThat(identity.chain())
                .extracting(each -> each.getSubjectX500Principal().getName())
                .containsExactly("CN=second", "CN=first");
    }

    @ParameterizedTest
    @CsvSource({
        "ec.crt, rsa-pkcs8.key",
        "ec.crt, rsa-pkcs1.key",
        "ec.crt, ec.crt",
        "ec.crt, encrypted.key",
        "ec-pkcs8.key, ec-pkcs8.key"
    })
    void refusesWhatDoesNotBelongTogether(String certificate, String key) {
        assertThatThrownBy(() -> Identity.of(file(certificate), file(key)))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageNotContaining("MII");
    }

    /** A certificate is made anew for the same name, and so is its key. */
    @Test
    void refusesTheKeyOfAnotherCertificateOfTheSameKind() throws Exception {
        Identity other = SelfSigned.make(Instant.parse("2030-01-01T00:00:00Z"));
        byte[] certificate = other.chain().getFirst().getEncoded();

        assertThatThrownBy(() -> Identity.of(certificate, file("ec-pkcs8.key")))
                .isInstanceOf(KeyException.class)
                .hasMessage("the key is not that of the certificate");
    }

    @Test
    void whatIsMadeIsValidFromNowOnAndSignedByItself() throws Exception {
        Instant now = Instant.parse("2030-01-01T00:00:00Z");

        X509Certificate made = SelfSigned.make(now).chain().getFirst();

        made.verify(made.getPublicKey());
        assertThat(made.getNotBefore().toInstant()).isEqualTo(now.minus(Duration.ofHours(1)));
        assertThat(made.getNotAfter().toInstant()).isAfter(now.plus(Duration.ofDays(3_000)));
        assertThat(made.getSubjectAlternativeNames().toString()).isEqualTo("[[2, localhost], [7, 127.0.0.1]]");
        assertThat(made.getSubjectX500Principal().getName()).isEqualTo("CN=block-controller");
    }
}
