package run.clawcloud.block.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import run.clawcloud.block.cluster.ApiServer;
import run.clawcloud.block.cluster.EventWriter;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.time.Pause;
import run.clawcloud.block.time.SetClock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class EventRecorderTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final Events.Regarding TENANT = Events.Regarding.namespace("tenant", "u");

    private final Logged log = new Logged(EventRecorder.class);
    private final List<JsonNode> written = new CopyOnWriteArrayList<>();
    /** Path and body of each PATCH. */
    private final List<String> counted = new CopyOnWriteArrayList<>();

    private final SetClock clock = new SetClock("2030-01-01T00:00:00Z");
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    /** Time passes while it waits, and only then. */
    private final Pause pause = duration -> {
        pauses.add(duration);
        nanos.addAndGet(duration.toNanos());
    };

    /** The first Event is on its way. */
    private final CountDownLatch asked = new CountDownLatch(1);

    private final CountDownLatch answering = new CountDownLatch(1);
    private final HttpServer server;
    private final HttpClient client;
    private final EventRecorder recorder;
    private volatile int code = 201;
    private volatile int patchCode = 200;

    EventRecorderTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                JsonNode event = MAPPER.readTree(exchange.getRequestBody());
                asked.countDown();
                answering.await();
                boolean counts = exchange.getRequestMethod().equals("PATCH");
                if (counts) {
                    counted.add(exchange.getRequestURI().getPath() + " " + event);
                } else {
                    written.add(event);
                }
                exchange.sendResponseHeaders(counts && code == 201 ? patchCode : code, 2);
                exchange.getResponseBody().write("{}".getBytes(UTF_8));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String url = "http://localhost:" + server.getAddress().getPort();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url)
                .withRequestRetryBackoffLimit(0)
                .withHttp2Disable(true)
                .build();
        client = new JdkHttpClientFactory().newBuilder(config).build();
        ApiServer door =
                new ApiServer(client, url, false, (verb, resource, answer, took) -> {}, pause, System::nanoTime);
        recorder = new EventRecorder(new EventWriter(door, "test"), clock, nanos::get, pause);
    }

    private Thread thread = new Thread(() -> {});

    @BeforeEach
    void start() {
        server.start();
        thread = Thread.ofVirtual().start(() -> {
            try {
                recorder.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @AfterEach
    void close() throws InterruptedException {
        answering.countDown();
        thread.interrupt();
        thread.join();
        client.close();
        server.stop(0);
        log.close();
    }

    /** The API takes 1,024 bytes. */
    @Test
    void cutsANoteThatIsTooLongBetweenTwoCharacters() {
        answering.countDown();
        recorder.normal(Events.Regarding.namespace("tenant", "u"), "Locked", "a" + "欠".repeat(500));

        await().until(() -> written.size() == 1);

        assertThat(written.getFirst().at("/note").asString()).isEqualTo("a" + "欠".repeat(341));
    }

    @Test
    void saysWhatIsSaidAboutWhatAndWhen() {
        answering.countDown();
        recorder.warning(TENANT, "LockRefused", "no");

        await().until(() -> written.size() == 1);

        JsonNode event = written.getFirst();
        assertThat(event.at("/note").asString()).isEqualTo("no");
        assertThat(event.at("/type").asString()).isEqualTo("Warning");
        assertThat(event.at("/metadata/namespace").asString()).isEqualTo("tenant");
        assertThat(event.at("/eventTime").asString()).isEqualTo("2030-01-01T00:00:00.000000Z");
        assertThat(event.has("series")).isFalse();
    }

    /** The API takes no other. */
    @Test
    void anEventAboutAnObjectOfNoNamespaceLiesInDefault() {
        answering.countDown();
        recorder.normal(new Events.Regarding("v1", "Node", "", "one", ""), "Seen", "note");

        await().until(() -> written.size() == 1);

        assertThat(written.getFirst().at("/metadata/namespace").asString()).isEqualTo("default");
        assertThat(written.getFirst().at("/regarding").has("namespace")).isFalse();
    }

    // Series.

    @Test
    void theSameSaidAgainIsCountedOnTheEventThatStands() {
        answering.countDown();
        recorder.normal(TENANT, "Unlocked", "3 workloads");
        await().until(() -> written.size() == 1);
        clock.set("2030-01-01T00:05:59Z");
        recorder.normal(TENANT, "Unlocked", "3 workloads");
        await().until(() -> counted.size() == 1);
        clock.set("2030-01-01T00:11:58Z");
        recorder.normal(TENANT, "Unlocked", "3 workloads");
        await().until(() -> counted.size() == 2);

        String path = "/apis/events.k8s.io/v1/namespaces/tenant/events/"
                + written.getFirst().at("/metadata/name").asString();
        assertThat(counted)
                .containsExactly(
                        path + " {\"series\":{\"count\":2,\"lastObservedTime\":\"2030-01-01T00:05:59.000000Z\"}}",
                        path + " {\"series\":{\"count\":3,\"lastObservedTime\":\"2030-01-01T00:11:58.000000Z\"}}");
    }

    @Test
    void anotherNoteReasonTypeOrObjectIsAnotherEvent() {
        answering.countDown();
        recorder.normal(TENANT, "Unlocked", "3 workloads");
        recorder.normal(TENANT, "Unlocked", "4 workloads");
        recorder.normal(TENANT, "Locked", "3 workloads");
        recorder.warning(TENANT, "Unlocked", "3 workloads");
        recorder.normal(Events.Regarding.namespace("other", "u"), "Unlocked", "3 workloads");

        await().until(() -> written.size() == 5);
        assertThat(counted).isEmpty();
    }

    @Test
    void theSameAfterMoreThanSixMinutesBeginsAnew() {
        answering.countDown();
        recorder.normal(TENANT, "Unlocked", "3 workloads");
        await().until(() -> written.size() == 1);
        clock.set("2030-01-01T00:06:00.001Z");
        recorder.normal(TENANT, "Unlocked", "3 workloads");

        await().until(() -> written.size() == 2);
        assertThat(counted).isEmpty();
    }

    @Test
    void anEventThatIsGoneIsWrittenAnew() {
        patchCode = 404;
        answering.countDown();
        recorder.normal(TENANT, "Unlocked", "3 workloads");
        await().until(() -> written.size() == 1);
        recorder.normal(TENANT, "Unlocked", "3 workloads");

        await().until(() -> written.size() == 2);
        assertThat(counted).hasSize(1);
    }

    @Test
    void whatIsSaidOftenWhileItWaitsIsOneEvent() throws InterruptedException {
        recorder.normal(TENANT, "Locked", "the first, on its way");
        asked.await();
        for (int i = 0; i < 3_000; i++) {
            recorder.normal(TENANT, "Unlocked", "3 workloads");
        }
        answering.countDown();

        await().until(() -> written.size() == 2);
        assertThat(written.getLast().at("/series/count").asInt()).isEqualTo(3_000);
        assertThat(recorder.dropped()).isZero();
    }

    // A storm.

    /** As when ten thousand namespaces are locked at once: nobody waits, and the API server has fifty a second. */
    @Test
    void aStormHoldsNobodyUpAndIsWrittenNoFasterThanFiftyASecond() throws InterruptedException {
        recorder.normal(TENANT, "Locked", "the first, on its way");
        asked.await();
        for (int i = 0; i < 10_000; i++) {
            recorder.normal(TENANT, "Locked", "number " + i);
        }
        assertThat(recorder.dropped()).isEqualTo(9_000);
        answering.countDown();
        await().until(() -> written.size() == 1_001);

        assertThat(written.get(501).at("/note").asString()).isEqualTo("number 500");
        assertThat(pauses).as("of twenty full seconds").hasSize(20).containsOnly(Duration.ofSeconds(1));
        assertThat(new HashSet<>(written.stream()
                        .map(event -> event.at("/metadata/name").asString())
                        .toList()))
                .as("names, of which a thousand are told apart in a millisecond")
                .hasSize(1_000);
        await().until(() -> !log.lines().isEmpty());
        assertThat(log.lines())
                .containsExactly("WARN 9000 Events were not written: more came than the 50 a second that are");
    }

    @Test
    void theLogSaysSoOnceAMinuteAtMost() throws InterruptedException {
        recorder.normal(TENANT, "Locked", "the first, on its way");
        asked.await();
        for (int i = 0; i < 1_001; i++) {
            recorder.normal(TENANT, "Locked", "number " + i);
        }
        answering.countDown();
        await().until(() -> written.size() == 1_001 && log.lines().size() == 1);
        for (int i = 0; i < 2_000; i++) {
            recorder.normal(TENANT, "Locked", "later " + i);
        }
        long more = recorder.dropped() - 1;
        await().until(() -> written.size() == 3_001 - more);
        assertThat(log.lines()).hasSize(1);

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        recorder.normal(TENANT, "Locked", "a minute later");
        await().until(() -> written.size() == 3_002 - more);

        assertThat(more).isPositive();
        await().until(() -> log.lines().size() == 2);
        assertThat(log.lines().getLast()).startsWith("WARN " + more + " Events were not written");
    }

    @Test
    void warningsGoFirstAndTheLastNormalOnesMakeWayForThem() throws InterruptedException {
        recorder.normal(TENANT, "Locked", "the first, on its way");
        asked.await();
        for (int i = 0; i < 1_000; i++) {
            recorder.normal(TENANT, "Locked", "number " + i);
        }
        recorder.warning(TENANT, "LockRefused", "a warning");
        answering.countDown();
        await().until(() -> written.size() == 1_001);

        assertThat(written.get(1).at("/note").asString()).isEqualTo("a warning");
        assertThat(written.getLast().at("/note").asString()).isEqualTo("number 998");
        assertThat(recorder.dropped()).isOne();
    }

    @Test
    void anEventThatIsRefusedIsLostAndTheNextOneIsWritten() {
        code = 403;
        answering.countDown();
        recorder.normal(TENANT, "Locked", "note");
        await().until(() -> written.size() == 1);
        code = 201;
        recorder.normal(TENANT, "Unlocked", "written");
        await().until(() -> written.size() == 2);
        // The one that was refused does not stand, so it can't be counted on.
        recorder.normal(TENANT, "Locked", "note");

        await().until(() -> written.size() == 3);
        assertThat(counted).isEmpty();
        assertThat(log.lines()).isEmpty();
    }
}
