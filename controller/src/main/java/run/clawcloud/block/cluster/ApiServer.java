package run.clawcloud.block.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.kube.Status;
import run.clawcloud.block.leader.Leadership;
import run.clawcloud.block.time.Pause;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * Sends every request of the program. Where the server asks to wait, with 429 or 503 and {@code Retry-After}, it waits
 * and asks again, for such a request was not carried out; everything else that fails is the caller's to decide.
 * Thread-safe.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/cluster-administration/flow-control/">API Priority and Fairness</a>
 */
public final class ApiServer {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    /** An answer begins within this, or the request counts as lost. */
    private static final Duration FIRST_BYTE = Duration.ofSeconds(60);

    private static final String NOT_THE_LEADER = "this process does not lead (any more), so it must not write";

    private static final int ATTEMPTS = 5;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final int LONGEST_REFUSAL = 64 * 1024;

    private final HttpClient client;
    private final String url;
    private final boolean dryRun;
    private final RequestMonitor monitor;
    private final Pause pause;
    private final LongSupplier nanoTime;
    private final @Nullable Leadership leadership;
    private final Duration firstByte;

    /**
     * @param client with TLS and credentials; it must not retry by itself
     * @param url of the server, without a slash at the end
     * @param dryRun log and count every write, send none
     */
    public ApiServer(
            HttpClient client, String url, boolean dryRun, RequestMonitor monitor, Pause pause, LongSupplier nanoTime) {
        this(client, url, dryRun, monitor, pause, nanoTime, null, FIRST_BYTE);
    }

    private ApiServer(
            HttpClient client,
            String url,
            boolean dryRun,
            RequestMonitor monitor,
            Pause pause,
            LongSupplier nanoTime,
            @Nullable Leadership leadership,
            Duration firstByte) {
        this.client = client;
        this.url = url;
        this.dryRun = dryRun;
        this.monitor = monitor;
        this.pause = pause;
        this.nanoTime = nanoTime;
        this.leadership = leadership;
        this.firstByte = firstByte;
    }

    /** The same door, through which writes pass only while the leadership is held. */
    public ApiServer writingFor(Leadership held) {
        return new ApiServer(client, url, dryRun, monitor, pause, nanoTime, held, firstByte);
    }

    /** The same door for somebody in a hurry: an answer begins within this time. */
    ApiServer answeringWithin(Duration limit) {
        return new ApiServer(client, url, dryRun, monitor, pause, nanoTime, leadership, limit);
    }

    boolean dryRun() {
        return dryRun;
    }

    /** Sends a read and returns the answer's body as it comes. Whoever reads it to its end frees the connection. */
    InputStream open(ApiRequest request) throws ApiException, InterruptedException {
        return send(request);
    }

    /** Sends a read and decodes the answer. */
    <T> T read(ApiRequest request, Function<JsonParser, T> decoder) throws ApiException, InterruptedException {
        return decode(request, send(request), decoder);
    }

    /** Sends a read of one object and decodes the answer; empty when there is none. */
    <T> Optional<T> find(ApiRequest request, Function<JsonParser, T> decoder)
            throws ApiException, InterruptedException {
        try {
            return Optional.of(read(request, decoder));
        } catch (ApiException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Sends a write and decodes the answer; empty, and not sent, in a dry run. */
    <T> Optional<T> write(ApiRequest request, Function<JsonParser, T> decoder)
            throws ApiException, InterruptedException {
        if (dryRun) {
            LOG.info("dry run, not sent: {} {}", request, request.body());
            monitor.answered(request.verb(), request.resource(), RequestMonitor.DRY_RUN, Duration.ZERO);
            return Optional.empty();
        }
        return Optional.of(decode(request, send(request), decoder));
    }

    private static <T> T decode(ApiRequest request, InputStream stream, Function<JsonParser, T> decoder)
            throws ApiException {
        try (JsonParser parser = Json.parser(stream)) {
            parser.nextToken();
            T decoded = decoder.apply(parser);
            parser.nextToken();
            return decoded;
        } catch (JacksonException e) {
            throw new ApiException(request.toString(), e);
        }
    }

    private InputStream send(ApiRequest request) throws ApiException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return leadership != null && request.verb().writes()
                        ? writeOnce(request, leadership)
                        : sendOnce(request, new CompletableFuture<>());
            } catch (ApiException e) {
                Duration asked = e.retryAfter();
                if (!e.busy() || asked == null || asked.compareTo(longestWait()) > 0 || attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.debug("{}: the server asks to wait {} s", request, asked.toSeconds());
                pause.sleep(asked);
            }
        }
    }

    /** Whoever is in a hurry does not wait for longer than for an answer. */
    private Duration longestWait() {
        return firstByte.compareTo(LONGEST_WAIT) < 0 ? Duration.ZERO : LONGEST_WAIT;
    }

    /**
     * Sends a write for as long as it may be sent. The leadership hears of it before anything is sent: whoever ends it
     * after that finds this write under way, and whoever has ended it before is found here.
     */
    private InputStream writeOnce(ApiRequest request, Leadership held) throws ApiException, InterruptedException {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Runnable cancel = () -> ended.complete(null);
        // What was not sent is settled.
        boolean settled = true;
        held.begun(cancel);
        try {
            if (!held.held()) {
                throw new ApiException(request.toString(), new IOException(NOT_THE_LEADER));
            }
            // An Event that comes late tells of what was done in time.
            settled = request.resource().equals(Resource.EVENTS);
            InputStream answer = sendOnce(request, ended);
            settled = true;
            return answer;
        } catch (ApiException e) {
            settled |= !e.undecided();
            throw e;
        } finally {
            held.over(cancel, settled);
        }
    }

    /** @param ended completed when the answer is not to be waited for any longer */
    private InputStream sendOnce(ApiRequest request, CompletableFuture<Void> ended)
            throws ApiException, InterruptedException {
        long begin = nanoTime.getAsLong();
        String code = RequestMonitor.NO_ANSWER;
        BodyStream stream = new BodyStream(request.silence());
        try {
            CompletableFuture<HttpResponse<AsyncBody>> answer = begin(request, stream);
            var _ = ended.thenRun(() -> answer.cancel(true));
            HttpResponse<AsyncBody> response = await(answer);
            code = Integer.toString(response.code());
            stream.begin(response.body());
            if (!response.isSuccessful()) {
                throw refusal(request, response, stream);
            }
            return stream;
        } catch (IOException e) {
            throw new ApiException(request.toString(), e);
        } finally {
            monitor.answered(request.verb(), request.resource(), code, Duration.ofNanos(nanoTime.getAsLong() - begin));
        }
    }

    private HttpRequest http(ApiRequest request) {
        HttpRequest.Builder builder =
                client.newHttpRequestBuilder().uri(url + request.pathAndQuery()).header("Accept", ApiRequest.JSON);
        if (leadership != null && request.verb().writes()) {
            byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
            builder.method(
                    request.verb().method(), request.contentType(), new GuardedBody(body, leadership), body.length);
        } else if (request.verb().writes()) {
            builder.method(request.verb().method(), request.contentType(), request.body());
        }
        return builder.build();
    }

    /** Hands a request to the client, which refuses some at once: those with credentials that fit in no header. */
    private CompletableFuture<HttpResponse<AsyncBody>> begin(ApiRequest request, BodyStream stream) throws IOException {
        try {
            return client.consumeBytes(http(request), stream);
        } catch (IllegalArgumentException e) {
            // Without its message, which may hold the credentials.
            throw new IOException("no such request can be sent: check the server's address and the credentials");
        }
    }

    private HttpResponse<AsyncBody> await(CompletableFuture<HttpResponse<AsyncBody>> answer)
            throws IOException, InterruptedException {
        try {
            return answer.get(firstByte.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (CancellationException e) {
            throw new IOException(NOT_THE_LEADER, e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + firstByte.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    private static ApiException refusal(ApiRequest request, HttpResponse<?> response, InputStream body) {
        Duration retryAfter = retryAfter(response.header("Retry-After"));
        byte[] text = {};
        try (body) {
            text = body.readNBytes(LONGEST_REFUSAL);
            try (JsonParser parser = Json.parser(text)) {
                parser.nextToken();
                Status status = Status.read(parser);
                String hint = response.code() == 403 && status.message().contains("cannot ")
                        ? " (the controller's role lacks the verb " + request.verb() + " on "
                                + request.resource().qualifiedName() + ")"
                        : "";
                return new ApiException(
                        request.toString(), response.code(), status.reason(), status.message() + hint, retryAfter);
            }
        } catch (IOException | JacksonException e) {
            String plain = new String(text, StandardCharsets.UTF_8).strip();
            return new ApiException(
                    request.toString(),
                    response.code(),
                    "",
                    plain.lines().findFirst().orElse("(no message)"),
                    retryAfter);
        }
    }

    /** Seconds; the date form is not used by Kubernetes. */
    private static @Nullable Duration retryAfter(@Nullable String header) {
        if (header == null || !header.matches("[0-9]{1,6}")) {
            return null;
        }
        return Duration.ofSeconds(Long.parseLong(header));
    }

    /**
     * Read by the HTTP client when a connection stands and the body is about to be written to it: the last moment at
     * which a write can be kept back. A server does nothing on a request whose body it has not got whole. It begins
     * anew once it was read: a request that was refused for its token is sent again with another, from the same body.
     */
    private static final class GuardedBody extends FilterInputStream {
        private final Leadership leadership;

        GuardedBody(byte[] body, Leadership leadership) {
            super(new ByteArrayInputStream(body));
            this.leadership = leadership;
        }

        @Override
        public int read() throws IOException {
            check();
            int next = super.read();
            if (next < 0) {
                reset();
            }
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            check();
            int count = super.read(target, offset, length);
            if (count < 0) {
                reset();
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            reset();
        }

        private void check() throws IOException {
            if (!leadership.held()) {
                throw new IOException(NOT_THE_LEADER);
            }
        }
    }
}
