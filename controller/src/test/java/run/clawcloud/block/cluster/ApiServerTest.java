package run.clawcloud.block.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.leader.Elector;
import run.clawcloud.block.leader.Leadership;
import run.clawcloud.block.leader.Lease;
import run.clawcloud.block.leader.Leases;
import run.clawcloud.block.leader.Timing;

/** The door: what it repeats, what it makes of a refusal, and what becomes of bodies that do not end as they should. */
@Timeout(60)
class ApiServerTest {

    private static final String NAMESPACE = "{\"metadata\":{\"name\":\"tenant\",\"resourceVersion\":\"7\"}}";
    private static final ApiRequest GET = ApiRequest.of(Verb.GET, Resource.NAMESPACES, null, "tenant");
    private static final ApiRequest PATCH =
            ApiRequest.of(Verb.PATCH, Resource.DEPLOYMENTS, "tenant", "web").with(ApiRequest.MERGE_PATCH, "{}");

    private final TestServer server = new TestServer();
    private final ApiServer door = server.door();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void readsAndCounts() throws Exception {
        server.then(200, NAMESPACE);

        assertThat(door.read(GET, ViewBuilder::read).resourceVersion()).isEqualTo(7);

        assertThat(server.only()).isEqualTo(new TestServer.Received("GET", "/api/v1/namespaces/tenant", "", ""));
        assertThat(server.counted).containsExactly("get namespaces 200");
    }

    @Test
    void writesAndCounts() throws Exception {
        server.then(200, NAMESPACE);

        assertThat(door.write(PATCH, ViewBuilder::read)).isPresent();

        assertThat(server.only())
                .isEqualTo(new TestServer.Received(
                        "PATCH",
                        "/apis/apps/v1/namespaces/tenant/deployments/web",
                        "application/merge-patch+json",
                        "{}"));
        assertThat(server.counted).containsExactly("patch deployments.apps 200");
    }

    // Only a leader writes.

    /** By a clock that shows these seconds one after the other, and the last one from then on. */
    private static Leadership leadership(int... seconds) {
        AtomicInteger looked = new AtomicInteger();
        return new Leadership(
                Duration.ofSeconds(20),
                () -> Duration.ofSeconds(seconds[Math.min(looked.getAndIncrement(), seconds.length - 1)])
                        .toNanos(),
                () -> Instant.EPOCH);
    }

    @Test
    void whoDoesNotLeadReadsButSendsNoWrite() throws Exception {
        ApiServer fenced = door.writingFor(leadership(0));
        server.then(200, NAMESPACE);

        assertThatThrownBy(() -> fenced.write(PATCH, ViewBuilder::read))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("patch deployments.apps tenant/web")
                .hasMessageContaining("does not lead");
        assertThat(server.received).isEmpty();
        fenced.read(GET, ViewBuilder::read);
        assertThat(server.received).hasSize(1);
    }

    @Test
    void whoLeadsSendsTheWriteWithItsBody() throws Exception {
        Leadership leadership = leadership(0);
        leadership.renewed(leadership.now());
        server.then(200, NAMESPACE);

        door.writingFor(leadership).write(PATCH, ViewBuilder::read);

        assertThat(server.only())
                .isEqualTo(new TestServer.Received(
                        "PATCH",
                        "/apis/apps/v1/namespaces/tenant/deployments/web",
                        "application/merge-patch+json",
                        "{}"));
    }

    /** As when the process stands still between the decision to write and the writing. */
    @Test
    void aWriteWhoseTimeRunsOutWhileItIsBegunIsNotSent() {
        Leadership leadership = leadership(0, 1, 21);
        leadership.renewed(leadership.now());
        server.then(200, NAMESPACE);

        assertThatThrownBy(() -> door.writingFor(leadership).write(PATCH, ViewBuilder::read))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("does not lead");
        assertThat(server.received).isEmpty();
    }

    @Test
    void aWriteThatIsUnderWayIsGivenUpWhenTheLeadershipEnds() throws Exception {
        Leadership leadership = leadership(0);
        leadership.renewed(leadership.now());
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        server.then(_ -> {
            arrived.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Thread ends = Thread.ofVirtual().start(() -> {
            try {
                arrived.await();
                leadership.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> door.writingFor(leadership).write(PATCH, ViewBuilder::read))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("does not lead");
        ends.join();
        never.countDown();
    }

    /** The Lease must not be given back while a write is on its way, however short a way it has come. */
    @Test
    void whoGivesTheLeaseBackFindsAWriteUnderWayBeforeAnythingOfItIsSent() throws Exception {
        Leadership leadership = leadership(0);
        KeptLease lease = new KeptLease();
        Elector elector = new Elector(lease, leadership, "me", new Timing(ofSeconds(30), ofSeconds(20), ofSeconds(5)));
        elector.changed(KeptLease.GIVEN_BACK);
        elector.awaitLeadership();
        ApiServer fenced = server.door(false, new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        try {
                            elector.release();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                })
                .writingFor(leadership);

        assertThatThrownBy(() -> fenced.write(PATCH, ViewBuilder::read))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("does not lead");
        assertThat(lease.givenBack).isFalse();
    }

    /** A server that took too long may still carry the write out, when another one leads. */
    @ParameterizedTest
    @CsvSource({"500, false", "502, false", "503, false", "504, false", "200, true", "409, true", "422, true"})
    void theLeaseIsNotGivenBackWhileAWriteMayStillBeCarriedOut(int code, boolean givenBack) throws Exception {
        Leadership leadership = leadership(0);
        KeptLease lease = new KeptLease();
        Elector elector = new Elector(lease, leadership, "me", new Timing(ofSeconds(30), ofSeconds(20), ofSeconds(5)));
        elector.changed(KeptLease.GIVEN_BACK);
        elector.awaitLeadership();
        server.then(code, NAMESPACE);

        try {
            door.writingFor(leadership).write(PATCH, ViewBuilder::read);
        } catch (ApiException e) {
            assertThat(e.code()).isEqualTo(code);
        }
        elector.release();

        assertThat(lease.givenBack).isEqualTo(givenBack);
    }

    /** A Lease that anybody can have, and whether it was given back. */
    private static final class KeptLease implements Leases {
        private static final Lease GIVEN_BACK = new Lease("", Lease.RELEASED_SECONDS, 0, 1, true);
        private boolean givenBack;

        @Override
        public Optional<Lease> get(Duration limit) {
            return Optional.empty();
        }

        @Override
        public Lease create(String holder, Duration length, Duration limit) {
            return held(holder);
        }

        @Override
        public Lease take(Lease seen, String holder, Duration length, Duration limit) {
            return held(holder);
        }

        @Override
        public Lease renew(Lease seen, String holder, Duration length, Duration limit) {
            return held(holder);
        }

        @Override
        public Lease release(Lease seen, Duration limit) {
            givenBack = true;
            return GIVEN_BACK;
        }

        private static Lease held(String holder) {
            return new Lease(holder, 30, 0, 2, true);
        }
    }

    // The server asks to wait.

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void waitsAsLongAsTheServerAsksAndThenRepeats(int code) throws Exception {
        server.busy(code, "2").busy(code, "0").busy(code, "60").then(200, NAMESPACE);

        door.read(GET, ViewBuilder::read);

        assertThat(server.pause.pauses()).containsExactly(Duration.ofSeconds(2), Duration.ZERO, Duration.ofSeconds(60));
        assertThat(server.received).hasSize(4);
        assertThat(server.counted)
                .containsExactly(
                        "get namespaces " + code,
                        "get namespaces " + code,
                        "get namespaces " + code,
                        "get namespaces 200");
    }

    @Test
    void repeatsAWriteWithItsBody() throws Exception {
        server.busy(429, "1").then(200, NAMESPACE);

        door.write(PATCH, ViewBuilder::read);

        assertThat(server.received)
                .hasSize(2)
                .containsOnly(new TestServer.Received(
                        "PATCH",
                        "/apis/apps/v1/namespaces/tenant/deployments/web",
                        "application/merge-patch+json",
                        "{}"));
    }

    @Test
    void givesUpAfterTheFifthTry() {
        for (int i = 0; i < 6; i++) {
            server.busy(429, "1");
        }

        ApiException e = refused();

        assertThat(server.received).hasSize(5);
        assertThat(e.code()).isEqualTo(429);
        assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"61", "999999", "soon", "-1", "1.5", "Fri, 31 Dec 1999 23:59:59 GMT", "99999999999"})
    void doesNotWaitForLongerThanAMinuteNorForWhatIsNoNumber(String retryAfter) {
        server.busy(503, retryAfter);

        assertThat(refused().code()).isEqualTo(503);
        assertThat(server.received).hasSize(1);
        assertThat(server.pause.pauses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void doesNotRepeatWithoutBeingAsked(int code) {
        server.refuse(code, "", "busy");

        assertThat(refused().code()).isEqualTo(code);
        assertThat(server.received).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 410, 422, 500, 502, 504})
    void doesNotRepeatWhatElseFailsEvenWhenAsked(int code) {
        server.busy(code, "1");

        assertThat(refused().code()).isEqualTo(code);
        assertThat(server.received).hasSize(1);
    }

    // What is refused.

    @Test
    void aRefusalNamesWhatWasAskedOfWhichObjectAndWhatCameBack() {
        server.refuse(409, "Conflict", "the object has been modified");

        assertThatThrownBy(() -> door.write(PATCH, ViewBuilder::read))
                .isInstanceOf(ApiException.class)
                .hasMessage("patch deployments.apps tenant/web: 409 Conflict: the object has been modified");
    }

    @ParameterizedTest
    @CsvSource({
        "404, NotFound,        notFound",
        "409, Conflict,        conflict",
        "409, AlreadyExists,   alreadyExists",
        "410, Expired,         gone",
        "401, Unauthorized,    unauthorized",
        "403, Forbidden,       forbidden",
        "422, Invalid,         invalid"
    })
    void aRefusalIsOfOneKind(int code, String reason, String kind) {
        server.refuse(code, reason, "no");

        ApiException e = refused();

        assertThat(e.notFound()).isEqualTo(kind.equals("notFound"));
        assertThat(e.conflict()).isEqualTo(kind.equals("conflict"));
        assertThat(e.alreadyExists()).isEqualTo(kind.equals("alreadyExists"));
        assertThat(e.gone()).isEqualTo(kind.equals("gone"));
        assertThat(e.unauthorized()).isEqualTo(kind.equals("unauthorized"));
        assertThat(e.forbidden()).isEqualTo(kind.equals("forbidden"));
        assertThat(e.invalid()).isEqualTo(kind.equals("invalid"));
    }

    @Test
    void aForbiddenRequestNamesTheVerbAndTheResourceThatTheRoleLacks() {
        server.refuse(403, "Forbidden", "deployments.apps \\\"web\\\" is forbidden: User \\\"bc\\\" cannot patch");

        assertThatThrownBy(() -> door.write(PATCH, ViewBuilder::read))
                .hasMessageEndingWith("(the controller's role lacks the verb patch on deployments.apps)");
    }

    @Test
    void aQuotaThatForbidsIsNotTheRolesFault() {
        server.refuse(403, "Forbidden", "exceeded quota: block-controller-quota");

        assertThat(refused()).hasMessageNotContaining("role");
    }

    @ParameterizedTest
    @CsvSource({
        "'502 Bad Gateway\n<hr>nginx', 502 Bad Gateway",
        "'', (no message)",
        "'[1]', [1]",
        "'{\"message\":', '{\"message\":'"
    })
    void aRefusalThatIsNoStatusIsToldByItsFirstLine(String body, String told) {
        server.then(502, body);

        assertThat(refused()).hasMessage("get namespaces tenant: 502 " + told);
    }

    @Test
    void aRefusalOfManyMegabytesIsNotReadToItsEnd() {
        server.then(500, "x".repeat(4 << 20));

        assertThat(refused().getMessage()).hasSizeLessThan(100_000);
    }

    @Test
    void aServerThatIsNotThereIsNoAnswer() {
        server.stop();

        ApiException e = refused();

        assertThat(e.code()).isEqualTo(ApiException.NO_ANSWER);
        assertThat(e).hasMessageStartingWith("get namespaces tenant: ").hasMessageNotContaining("\n");
        assertThat(server.counted).containsExactly("get namespaces none");
    }

    // Bodies.

    @Test
    void aBodyThatIsCutShortIsAnError() {
        server.then(exchange -> {
            exchange.sendResponseHeaders(200, 500);
            exchange.getResponseBody().write(NAMESPACE.getBytes(UTF_8));
            exchange.getResponseBody().flush();
            throw new IOException("the connection is closed");
        });

        assertThat(refused())
                .hasMessageStartingWith("get namespaces tenant: ")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ApiException.NO_ANSWER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"metadata\":{\"name\":\"ten", "[]", "hello", ""})
    void anAnswerThatIsNotWhatWasAskedForIsAnError(String body) {
        server.then(200, body);

        assertThat(refused()).hasMessageStartingWith("get namespaces tenant: ");
    }

    @Test
    void aBodyThatFallsSilentIsBrokenOff() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        server.then(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{\"type\":".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            awaitQuietly(over);
        });

        try (InputStream stream = door.open(GET.patience(Duration.ofMillis(50)))) {
            assertThat(stream.readNBytes(8)).asString(UTF_8).isEqualTo("{\"type\":");
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class).hasMessageContaining("nothing came for");
        } finally {
            over.countDown();
        }
    }

    @Test
    void anInterruptionEndsARead() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        server.then(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitQuietly(over);
        });

        try (InputStream stream = door.open(GET)) {
            assertThat(stream.read()).isEqualTo('{');
            Thread.currentThread().interrupt();
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            over.countDown();
        }
    }

    @Test
    void aStreamThatIsClosedReadsNoMore() throws Exception {
        server.then(200, "x".repeat(1 << 20));
        InputStream stream = door.open(GET);
        assertThat(stream.read()).isEqualTo('x');

        stream.close();

        assertThatThrownBy(stream::read).isInstanceOf(IOException.class).hasMessage("the stream is closed");
    }

    @Test
    void aBodyArrivesByteByByteAsItWasSent() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            text.append((char) ('a' + i % 26));
        }
        server.then(200, text.toString()).then(200, text.toString());

        try (InputStream stream = door.open(GET)) {
            assertThat(stream.readAllBytes()).asString(UTF_8).isEqualTo(text.toString());
        }
        try (InputStream stream = door.open(GET)) {
            for (int i = 0; i < text.length(); i++) {
                if (stream.read() != text.charAt(i)) {
                    throw new AssertionError("another byte at " + i);
                }
            }
            assertThat(stream.read()).isEqualTo(-1);
        }
    }

    @Test
    void oneConnectionCarriesOneRequestAfterTheOther() throws Exception {
        for (int i = 0; i < 20; i++) {
            server.then(200, NAMESPACE).refuse(404, "NotFound", "no such thing");
        }

        for (int i = 0; i < 20; i++) {
            door.read(GET, ViewBuilder::read);
            assertThat(refused().notFound()).isTrue();
        }

        assertThat(server.connections).hasSize(1);
    }

    // Dry run.

    @Test
    void aDryRunSendsAndCountsReadsAndOnlyCountsWrites() throws Exception {
        ApiServer dry = server.door(true);
        server.then(200, NAMESPACE);

        assertThat(dry.write(PATCH, ViewBuilder::read)).isEqualTo(Optional.empty());
        dry.read(GET, ViewBuilder::read);

        assertThat(server.only().method()).isEqualTo("GET");
        assertThat(server.counted).containsExactly("patch deployments.apps dry-run", "get namespaces 200");
    }

    private ApiException refused() {
        return catchThrowableOfType(ApiException.class, () -> door.read(GET, ViewBuilder::read));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
