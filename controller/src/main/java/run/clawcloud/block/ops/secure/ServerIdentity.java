package run.clawcloud.block.ops.secure;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who we are to those that connect. Files are looked at when somebody does, at most once a second: what has changed in
 * them holds from that connection on, and in between they cost nothing. What can't be used is said once, and the one
 * before stays. Thread-safe.
 */
public final class ServerIdentity extends X509ExtendedKeyManager {

    private static final Logger LOG = LoggerFactory.getLogger(ServerIdentity.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** @param alias by which the TLS library asks for the parts of one and the same */
    private record Known(String alias, Identity identity) {}

    /** @param before for connections that have just chosen it; null for none */
    private record Choice(Known now, @Nullable Known before) {}

    private final @Nullable IdentityFiles files;
    private final LongSupplier nanoTime;
    private final ReentrantLock looking = new ReentrantLock();

    private volatile Choice choice;
    private volatile long lastLook;

    /** Guarded by {@link #looking}; empty when all is well. */
    private String complaint = "";

    private ServerIdentity(@Nullable IdentityFiles files, Identity first, LongSupplier nanoTime) {
        this.files = files;
        this.nanoTime = nanoTime;
        choice = new Choice(new Known("0", first), null);
        lastLook = nanoTime.getAsLong();
    }

    /** One that is made now, and for which nobody vouches. */
    static ServerIdentity selfSigned(Instant now) {
        return new ServerIdentity(null, SelfSigned.make(now), () -> 0);
    }

    /**
     * That of two files of PEM.
     *
     * @param nanoTime the clock, as {@link System#nanoTime}
     * @throws IOException when they can't be used; the message says why, in one line
     */
    static ServerIdentity ofFiles(Path certificate, Path key, LongSupplier nanoTime) throws IOException {
        IdentityFiles files = new IdentityFiles(certificate, key);
        Identity first = files.changed().orElseThrow();
        return new ServerIdentity(files, first, nanoTime);
    }

    private void lookAtFiles() {
        if (files == null || nanoTime.getAsLong() - lastLook < BETWEEN_LOOKS.toNanos() || !looking.tryLock()) {
            return;
        }
        try {
            files.changed().ifPresent(this::take);
            complaint = "";
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(complaint)) {
                complaint = message;
                LOG.warn(
                        "{}; the certificate before is kept: {}",
                        message,
                        choice.now().identity());
            }
        } finally {
            lastLook = nanoTime.getAsLong();
            looking.unlock();
        }
    }

    private void take(Identity identity) {
        Known before = choice.now();
        choice = new Choice(new Known(Long.toString(Long.parseLong(before.alias()) + 1), identity), before);
        LOG.info("a new certificate for metrics: {}", identity);
    }

    private @Nullable Identity of(String alias) {
        Choice known = choice;
        if (known.now().alias().equals(alias)) {
            return known.now().identity();
        }
        return known.before() != null && known.before().alias().equals(alias)
                ? known.before().identity()
                : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        lookAtFiles();
        Known now = choice.now();
        return now.identity().key().getAlgorithm().equals(keyType) ? now.alias() : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = of(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = of(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    /** We are no client here. */
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
