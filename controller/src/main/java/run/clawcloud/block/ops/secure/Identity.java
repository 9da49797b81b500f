package run.clawcloud.block.ops.secure;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate, with those that vouch for it, and its private key.
 *
 * @param chain the server's own comes first
 */
record Identity(List<X509Certificate> chain, PrivateKey key) {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:\\w+ )?PRIVATE KEY)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private static final byte[] PROBE = "signed with the one, read with the other".getBytes(StandardCharsets.US_ASCII);

    Identity {
        chain = List.copyOf(chain);
    }

    /**
     * Reads PEM (RFC 7468): certificates, and a key in PKCS #8, PKCS #1 or SEC 1, as cert-manager writes them.
     *
     * @throws GeneralSecurityException if it is none, or key and certificate do not belong together; it does not repeat
     *     what was read
     */
    static Identity of(byte[] certificates, byte[] key) throws GeneralSecurityException {
        List<X509Certificate> chain =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(certificates))
                        .stream()
                        .map(X509Certificate.class::cast)
                        .toList();
        if (chain.isEmpty()) {
            throw new CertificateException("there is no certificate in it");
        }
        PublicKey publicKey = chain.getFirst().getPublicKey();
        Identity identity = new Identity(chain, privateKey(key, publicKey));
        identity.check(publicKey);
        return identity;
    }

    private static PrivateKey privateKey(byte[] pem, PublicKey publicKey) throws GeneralSecurityException {
        Matcher found = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new KeyException("there is no private key in it");
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(found.group(2));
        } catch (IllegalArgumentException e) {
            throw new KeyException("the private key is no Base64", e);
        }
        byte[] pkcs8 = switch (found.group(1)) {
            case "PRIVATE KEY" -> encoded;
            // RFC 5958: these two are what is within, beside the algorithm, which the public key names as well.
            case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                Der.element(
                        Der.SEQUENCE,
                        Der.element(Der.INTEGER, new byte[] {0}),
                        Der.first(publicKey.getEncoded()),
                        Der.element(Der.OCTET_STRING, encoded));
            default -> throw new KeyException("a key of the kind '" + found.group(1) + "' can't be used");
        };
        return KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private void check(PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            default -> throw new KeyException("a key of " + key.getAlgorithm() + " can't be used");
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(PROBE);
        if (!signature.verify(signed)) {
            throw new KeyException("the key is not that of the certificate");
        }
    }

    /** For people: whose it is, and which. */
    @Override
    public String toString() {
        X509Certificate own = chain.getFirst();
        return own.getSubjectX500Principal().getName() + ", serial number "
                + own.getSerialNumber().toString(16);
    }
}
