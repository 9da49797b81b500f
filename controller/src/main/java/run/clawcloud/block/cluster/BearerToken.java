package run.clawcloud.block.cluster;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of our requests. It is looked up afresh once the server has refused it, and, where it is kept in a file
 * that others write, once a minute, as client-go does: the file of a service account holds another one long before the
 * old one ends. In between, a request costs no more than its header.
 *
 * <p>The client library's own interceptor reads and parses the whole kubeconfig instead: for each request where there
 * is no token, as with client certificates.
 *
 * <p>Thread-safe.
 */
final class BearerToken implements Interceptor {

    /** The name by which the client library knows its own. */
    static final String NAME = "TOKEN";

    private static final Logger LOG = LoggerFactory.getLogger(BearerToken.class);
    private static final String AUTHORIZATION = "Authorization";
    private static final Duration BETWEEN_READINGS = Duration.ofMinutes(1);

    /** After a token that was refused has been looked up in vain: whoever gives it out is left alone for so long. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    /** Where the token comes from. */
    @FunctionalInterface
    interface Source {
        /**
         * Looks it up; may take as long as a program takes to run.
         *
         * @return null or blank when there is none
         * @throws IOException or {@link RuntimeException}, of the client library, when that can't be done
         */
        @Nullable
        String read() throws IOException;
    }

    private final Source source;
    private final boolean changes;
    private final LongSupplier nanoTime;
    private final ReentrantLock looking = new ReentrantLock();

    private volatile String token;
    private volatile long lastLook;

    /** Guarded by {@link #looking}: the last look, after a refusal, found nothing else. */
    private boolean inVain;

    /**
     * @param token the one to begin with
     * @param changes it may become another before the server refuses the old one, and is cheap to look up
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    BearerToken(String token, Source source, boolean changes, LongSupplier nanoTime) {
        this.token = token;
        this.source = source;
        this.changes = changes;
        this.nanoTime = nanoTime;
        this.lastLook = nanoTime.getAsLong();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (changes && sinceLastLook() >= BETWEEN_READINGS.toNanos() && looking.tryLock()) {
            try {
                look();
            } finally {
                looking.unlock();
            }
        }
        builder.setHeader(AUTHORIZATION, "Bearer " + token);
    }

    @Override
    public CompletableFuture<Boolean> afterFailure(BasicBuilder builder, HttpResponse<?> response, RequestTags tags) {
        if (response.code() != HttpURLConnection.HTTP_UNAUTHORIZED) {
            return CompletableFuture.completedFuture(false);
        }
        String refused = response.request().header(AUTHORIZATION);
        looking.lock();
        try {
            // Of many requests that are refused at once, the first finds the token for all.
            if (("Bearer " + token).equals(refused) && !(inVain && sinceLastLook() < AFTER_FAILURE.toNanos())) {
                look();
                inVain = ("Bearer " + token).equals(refused);
            }
        } finally {
            looking.unlock();
        }
        String now = "Bearer " + token;
        builder.setHeader(AUTHORIZATION, now);
        return CompletableFuture.completedFuture(!now.equals(refused));
    }

    private long sinceLastLook() {
        return nanoTime.getAsLong() - lastLook;
    }

    /** Keeps the token that there is when there is none to be had: the server decides what it is worth. */
    private void look() {
        try {
            String read = source.read();
            if (read != null && !read.isBlank()) {
                token = checked(read);
            }
        } catch (IOException | RuntimeException e) {
            // The message of whoever gives out tokens is told, never what was read.
            LOG.warn("the token of our requests can't be looked up, the last one is used: {}", e.toString());
        } finally {
            lastLook = nanoTime.getAsLong();
        }
    }

    /**
     * Returns the token without the blanks around it.
     *
     * @throws IOException if it fits in no header
     */
    static String checked(String token) throws IOException {
        String stripped = token.strip();
        if (stripped.chars().anyMatch(Character::isISOControl)) {
            throw new IOException("the token holds a line break");
        }
        return stripped;
    }
}
