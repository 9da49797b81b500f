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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import run.clawcloud.block.cluster.ApiServer;
import run.clawcloud.block.cluster.EventWriter;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.time.NotedPause;
import run.clawcloud.block.time.SetClock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class EventRecorderTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Logged log = new Logged(EventRecorder.class);
    private final List<JsonNode> written = new CopyOnWriteArrayList<>();
    private final NotedPause pause = new NotedPause();
    private final CountDownLatch answering = new CountDownLatch(1);
    private final HttpServer server;
    private final HttpClient client;
    private final EventRecorder recorder;
    private volatile int code = 201;

    EventRecorderTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                JsonNode event = MAPPER.readTree(exchange.getRequestBody());
                answering.await();
                written.add(event);
                exchange.sendResponseHeaders(code, 2);
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
        recorder = new EventRecorder(new EventWriter(door, "test"), new SetClock("2030-01-01T00:00:00Z"), pause);
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
    void writesOneAfterTheOtherWithAPauseAfterEach() {
        answering.countDown();
        recorder.normal(Events.Regarding.namespace("tenant", "u"), "Locked", "first");
        recorder.warning(Events.Regarding.namespace("tenant", "u"), "LockRefused", "second");

        await().until(() -> pause.pauses().size() == 2);

        assertThat(written).extracting(event -> event.at("/note").asString()).containsExactly("first", "second");
        assertThat(written).extracting(event -> event.at("/type").asString()).containsExactly("Normal", "Warning");
        assertThat(written.getFirst().at("/metadata/namespace").asString()).isEqualTo("tenant");
        assertThat(written.getFirst().at("/eventTime").asString()).isEqualTo("2030-01-01T00:00:00.000000Z");
        assertThat(pause.pauses()).containsOnly(Duration.ofMillis(20));
    }

    /** Nobody reads while this test says far more than is kept: it would hang if anybody waited. */
    @Test
    void neverHoldsAnybodyUpAndCountsWhatIsLost() {
        for (int i = 0; i < 3_000; i++) {
            recorder.normal(Events.Regarding.namespace("tenant", ""), "Locked", "number " + i);
        }
        answering.countDown();
        await().until(() -> written.size() >= 1_000 && pause.pauses().size() == written.size());

        assertThat(written).hasSizeBetween(1_000, 1_001);
        assertThat(written.get(500).at("/note").asString()).isEqualTo("number 500");
        assertThat(log.lines())
                .containsExactly("WARN " + (3_000 - written.size())
                        + " Events were not written: more came than the 50 a second that are");
        assertThat(new HashSet<>(written.stream()
                        .map(event -> event.at("/metadata/name").asString())
                        .toList()))
                .as("names")
                .hasSameSizeAs(written.stream().limit(1_000).toList());
    }

    @Test
    void anEventThatIsRefusedIsLostAndTheNextOneIsWritten() {
        code = 403;
        answering.countDown();
        recorder.normal(Events.Regarding.namespace("tenant", ""), "Locked", "refused");
        await().until(() -> pause.pauses().size() == 1);
        code = 201;
        recorder.normal(Events.Regarding.namespace("tenant", ""), "Unlocked", "written");

        await().until(() -> pause.pauses().size() == 2);

        assertThat(written).extracting(event -> event.at("/note").asString()).containsExactly("refused", "written");
        assertThat(log.lines()).isEmpty();
    }
}
