package run.clawcloud.block.ops.secure;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.cluster.KubeReviews;
import run.clawcloud.block.cluster.KubeReviews.User;
import run.clawcloud.block.kube.ApiException;

/**
 * Lets those pass whose bearer token the API server knows, and who may do with the path what they ask. Codes, texts and
 * times are those of controller-runtime's filter of metrics. Tokens are remembered by their digest alone. Thread-safe.
 *
 * @see <a href="https://pkg.go.dev/sigs.k8s.io/controller-runtime/pkg/metrics/filters">filters</a>
 */
final class Access extends Filter {

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private static final Duration TOKEN_LIFE = Duration.ofMinutes(1);
    private static final Duration ALLOWED_LIFE = Duration.ofMinutes(5);
    private static final Duration DENIED_LIFE = Duration.ofSeconds(30);

    /** Answers of a kind that are remembered. */
    private static final int MOST = 1_000;

    /** Whoever knocks with many tokens must not load the API server through us. */
    private static final int REVIEWS_AT_ONCE = 4;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofMinutes(1);
    private static final String BEARER = "bearer ";

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int FAILED = 500;
    private static final int BUSY = 503;

    private record Question(User user, String verb, String path) {}

    @FunctionalInterface
    private interface Review<T> {
        T ask() throws ApiException, InterruptedException;
    }

    /** Its turn did not come in time. */
    private static final class CrowdedException extends Exception {}

    private final KubeReviews reviews;
    private final LongSupplier nanoTime;
    private final TimedCache<String, Optional<User>> users;
    private final TimedCache<Question, Boolean> decisions;
    private final Semaphore turns = new Semaphore(REVIEWS_AT_ONCE, true);

    /** Guarded by this: when the last complaint was made; null for never. */
    private @Nullable Long lastComplaint;

    /** @param nanoTime the clock, as {@link System#nanoTime} */
    Access(KubeReviews reviews, LongSupplier nanoTime) {
        this.reviews = reviews;
        this.nanoTime = nanoTime;
        users = new TimedCache<>(MOST, nanoTime);
        decisions = new TimedCache<>(MOST, nanoTime);
    }

    @Override
    public String description() {
        return "who may read";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        try {
            if (!passes(exchange)) {
                return;
            }
        } catch (CrowdedException e) {
            refuse(exchange, BUSY, "Too many requests");
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(exchange, BUSY, "Shutting down");
            return;
        }
        chain.doFilter(exchange);
    }

    /** Whether the request may go on; if not, it is answered. */
    private boolean passes(HttpExchange exchange) throws IOException, InterruptedException, CrowdedException {
        Optional<User> user;
        try {
            user = user(token(exchange));
        } catch (ApiException e) {
            complain("who reads metrics could not be asked: {}", e);
            return refuse(exchange, FAILED, "Authentication failed");
        }
        if (user.isEmpty()) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            return refuse(exchange, UNAUTHORIZED, "Unauthorized");
        }
        String name = user.get().name();
        try {
            return allowed(new Question(
                            user.get(), verb(exchange), exchange.getRequestURI().getPath()))
                    || refuse(exchange, FORBIDDEN, "Authorization denied for user " + name);
        } catch (ApiException e) {
            complain("whether somebody may read metrics could not be asked: {}", e);
            return refuse(exchange, FAILED, "Authorization for user " + name + " failed");
        }
    }

    /** Empty when there is none. */
    private static String token(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
    }

    private static String verb(HttpExchange exchange) {
        return exchange.getRequestMethod().toLowerCase(Locale.ROOT);
    }

    private Optional<User> user(String token) throws ApiException, InterruptedException, CrowdedException {
        if (token.isEmpty()) {
            return Optional.empty();
        }
        String digest = digest(token);
        Optional<Optional<User>> known = users.get(digest);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<User> answer = inTurn(() -> reviews.user(token));
        users.put(digest, answer, TOKEN_LIFE);
        return answer;
    }

    private boolean allowed(Question question) throws ApiException, InterruptedException, CrowdedException {
        Optional<Boolean> known = decisions.get(question);
        if (known.isPresent()) {
            return known.get();
        }
        boolean answer = inTurn(() -> reviews.allows(question.user(), question.verb(), question.path()));
        decisions.put(question, answer, answer ? ALLOWED_LIFE : DENIED_LIFE);
        return answer;
    }

    private <T> T inTurn(Review<T> review) throws ApiException, InterruptedException, CrowdedException {
        if (!turns.tryAcquire(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new CrowdedException();
        }
        try {
            return review.ask();
        } finally {
            turns.release();
        }
    }

    private static String digest(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static boolean refuse(HttpExchange exchange, int code, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        try (exchange) {
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
        return false;
    }

    /** Not as often as it is read. */
    private synchronized void complain(String what, ApiException why) {
        long now = nanoTime.getAsLong();
        if (lastComplaint == null || now - lastComplaint >= BETWEEN_COMPLAINTS.toNanos()) {
            lastComplaint = now;
            LOG.warn(what, why.getMessage());
        }
    }
}
