package run.clawcloud.block.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who we are to the API server, where the client library needs help: it reads no token files that a kubeconfig names,
 * it reads the kubeconfig again for each request without a token, and it takes a key for RSA that does not say what it
 * is. Client certificates, passwords and OpenID Connect are the library's.
 */
final class Credentials {

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.+?)-----END PRIVATE KEY-----", Pattern.DOTALL);

    private final Config config;
    private final BearerToken.Source source;
    private final boolean changes;

    private Credentials(Config config, BearerToken.Source source, boolean changes) {
        this.config = config;
        this.source = source;
        this.changes = changes;
    }

    /** Those of the pod that we run in. */
    static Credentials ofServiceAccount(Config config) {
        return new Credentials(config, () -> Config.autoConfigure(null).getAutoOAuthToken(), true);
    }

    /**
     * Those of a user of a kubeconfig.
     *
     * @param info null if the file knows no such user
     * @throws IOException when a file that it names can't be read, its program is not done in time, or its token fits
     *     in no header
     */
    static Credentials ofFile(KubeconfigUser user, @Nullable AuthInfo info) throws IOException {
        Config config = user.read();
        if (isEllipticCurve(config)) {
            config.setClientKeyAlgo("EC");
        }
        String tokenFile = info == null ? null : info.getTokenFile();
        if (tokenFile != null && !tokenFile.isEmpty()) {
            Path path = user.file().toAbsolutePath().resolveSibling(tokenFile);
            config.setAutoOAuthToken(Files.readString(path));
            return new Credentials(config, () -> Files.readString(path), true);
        }
        // The token stands in the file, or a program that the file names gives it out.
        return new Credentials(config, () -> user.read().getAutoOAuthToken(), false);
    }

    Config config() {
        return config;
    }

    /**
     * Lets requests carry them.
     *
     * @param nanoTime the clock, as {@link System#nanoTime}
     * @throws IOException when the token fits in no header
     */
    void apply(HttpClient.Builder builder, LongSupplier nanoTime) throws IOException {
        if (config.getAuthProvider() != null || config.getUsername() != null) {
            return;
        }
        String token = config.getAutoOAuthToken();
        builder.addOrReplaceInterceptor(
                BearerToken.NAME,
                token == null || token.isBlank()
                        ? null
                        : new BearerToken(BearerToken.checked(token), source, changes, nanoTime));
    }

    /** Whether the client's key is of an elliptic curve though its PEM, of PKCS #8, does not say so (RFC 5958). */
    private static boolean isEllipticCurve(Config config) throws IOException {
        Matcher pem = PKCS8.matcher(key(config));
        if (!pem.find()) {
            return false;
        }
        try {
            byte[] key = Base64.getMimeDecoder().decode(pem.group(1));
            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key));
            return true;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the PEM of the client's key; empty if there is none or it is no PEM. */
    private static String key(Config config) throws IOException {
        String data = config.getClientKeyData();
        if (data != null) {
            try {
                return new String(Base64.getDecoder().decode(data), StandardCharsets.ISO_8859_1);
            } catch (IllegalArgumentException e) {
                return data;
            }
        }
        String file = config.getClientKeyFile();
        return file == null || file.isEmpty() ? "" : Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    }
}
