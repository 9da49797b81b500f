package run.clawcloud.block.ops.secure;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * Makes a certificate for which nobody vouches: what is read over it is hidden from others, but whoever reads can't
 * tell that it is us.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.1">RFC 5280, 4.1</a>
 */
final class SelfSigned {

    /** A process does not run as long. A time from 2050 on would have to be written in another form. */
    private static final Duration LIFE = Duration.ofDays(3650);

    /** Clocks differ. */
    private static final Duration EARLIER = Duration.ofHours(1);

    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final int SERIAL_BITS = 63;

    /** 1.2.840.10045.4.3.2, ecdsa-with-SHA256. */
    private static final byte[] ECDSA_WITH_SHA256 =
            Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_IDENTIFIER, hex("2a8648ce3d040302")));

    /** 2.5.29.17, subjectAltName. */
    private static final byte[] SUBJECT_ALT_NAME = Der.element(Der.OBJECT_IDENTIFIER, hex("551d11"));

    // Context-specific tags.
    private static final int VERSION = 0xA0;
    private static final int EXTENSIONS = 0xA3;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private SelfSigned() {}

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    static Identity make(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] body = body(pair, now);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(body);
            byte[] certificate = Der.element(
                    Der.SEQUENCE,
                    body,
                    ECDSA_WITH_SHA256,
                    Der.element(Der.BIT_STRING, new byte[] {0}, signature.sign()));
            X509Certificate read = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
            return new Identity(List.of(read), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ECDSA on P-256", e);
        }
    }

    private static byte[] body(KeyPair pair, Instant now) {
        byte[] name = new X500Principal("CN=block-controller").getEncoded();
        return Der.element(
                Der.SEQUENCE,
                // 2 is version 3.
                Der.element(VERSION, Der.element(Der.INTEGER, new byte[] {2})),
                Der.element(Der.INTEGER, new BigInteger(SERIAL_BITS, new SecureRandom()).toByteArray()),
                ECDSA_WITH_SHA256,
                name,
                Der.element(
                        Der.SEQUENCE,
                        Der.text(Der.UTC_TIME, UTC_TIME.format(now.minus(EARLIER))),
                        Der.text(Der.UTC_TIME, UTC_TIME.format(now.plus(LIFE)))),
                name,
                pair.getPublic().getEncoded(),
                Der.element(
                        EXTENSIONS, Der.element(Der.SEQUENCE, Der.element(Der.SEQUENCE, SUBJECT_ALT_NAME, names()))));
    }

    private static byte[] names() {
        byte[] loopback = {127, 0, 0, 1};
        return Der.element(
                Der.OCTET_STRING,
                Der.element(Der.SEQUENCE, Der.text(DNS_NAME, "localhost"), Der.element(IP_ADDRESS, loopback)));
    }
}
