package run.clawcloud.block.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.EventFilter;
import run.clawcloud.block.state.LockQuota;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.QuotaGuard;
import run.clawcloud.block.time.SetClock;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * What a server sends, with bytes changed, doubled, cut out and put elsewhere: it is taken, or it is an error of the
 * JSON, for which the feed has its answer. Anything else would end the feed, and with it the process.
 */
class MangledInputTest {

    private static final String NAMESPACE = """
            {"metadata":{"name":"tenant","uid":"u","resourceVersion":"12","deletionTimestamp":null,\
            "labels":{"clawcloud.run/status":"locked","core.clawcloud.run/applied":"locked","team":"x"},\
            "annotations":{"clawcloud.run/unlock-timestamp":"2030-01-08T00:00:00Z",\
            "core.clawcloud.run/lock-duration":"7d","core.clawcloud.run/held-by":"ops/r"}},\
            "status":{"phase":"Active"}}""";

    private static final String QUOTA = """
            {"metadata":{"name":"block-controller-quota","namespace":"tenant","resourceVersion":"13",\
            "labels":{"app.kubernetes.io/managed-by":"block-controller"}},\
            "spec":{"hard":{"pods":"0","services":"0"},"scopes":["BestEffort"]}}""";

    private static final String REQUEST = """
            {"metadata":{"name":"r","namespace":"ops","uid":"u","resourceVersion":"14","generation":3,\
            "finalizers":["core.clawcloud.run/finalizer"]},"spec":{"namespaceNames":["tenant","a"],\
            "namespaceSelector":{"matchLabels":{"team":"x"},"matchExpressions":[{"key":"k","operator":"In",\
            "values":["a"]}]},"action":"locked","reason":"why","lockDuration":"7d"},\
            "status":{"observedGeneration":2,"conditions":[{"type":"Ready","status":"True"}],"targetCount":1}}""";

    private final SetClock clock = new SetClock("2030-01-01T00:00:00Z");
    private final Requests requests = new Requests(
            new RequestListener() {
                @Override
                public void changed(String key) {}

                @Override
                public void selectors(Selectors those, boolean added) {
                    selectors = those;
                }
            },
            RequestBuilder.A_WEEK,
            RequestNamespaces.ALL);
    private final Namespaces namespaces = new Namespaces(
            new ChangeListener() {
                @Override
                public void needed(String namespace, Cause cause) {}

                @Override
                public void notice(String namespace, Notice notice, Deadline deadline) {}
            },
            clock,
            requests,
            Set.of());
    private Selectors selectors = Selectors.NONE;
    private int taken;

    MangledInputTest() {
        requests.join(namespaces);
        namespaces.requestsKnown();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aNamespace(long seed) {
        EventFilter filter = new EventFilter(namespaces);
        NamespaceReading reading = new NamespaceReading(() -> selectors);
        mangle(NAMESPACE, seed, parser -> filter.changed(reading.read(parser)));
        mangle(NAMESPACE, seed, parser -> filter.deleted(reading.read(parser)));
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void aQuota(long seed) {
        QuotaGuard guard = new QuotaGuard(namespaces, LockQuota.of(false));
        mangle(QUOTA, seed, parser -> guard.changed(QuotaView.read(parser)));
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void aRequest(long seed) {
        mangle(REQUEST, seed, parser -> requests.changed(BlockRequestView.read(parser)));
    }

    /** No namespace is called that; were one to be, it is none of ours. */
    @Test
    void aNamespaceWhoseNameIsNone() {
        EventFilter filter = new EventFilter(namespaces);
        NamespaceReading reading = new NamespaceReading(() -> selectors);
        for (String name : new String[] {"", "n".repeat(64), "n".repeat(5_000)}) {
            read(NAMESPACE.replace("tenant", name).getBytes(UTF_8), parser -> filter.changed(reading.read(parser)));
        }
        assertThat(taken).isEqualTo(3);
        assertThat(namespaces.tally().values()).containsOnly(0);
    }

    private void mangle(String document, long seed, Consumer<JsonParser> take) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = document.getBytes(UTF_8);
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                bytes = mangled(bytes, random);
            }
            read(bytes, take);
        }
        assertThat(taken).as("documents that could be read").isGreaterThan(1_000);
    }

    private void read(byte[] bytes, Consumer<JsonParser> take) {
        try (JsonParser parser = Json.parser(bytes)) {
            parser.nextToken();
            take.accept(parser);
            taken++;
        } catch (JacksonException e) {
            // What the feed makes of it is tested elsewhere.
            assertThat(e.getMessage()).isNotNull();
        } catch (RuntimeException e) {
            throw new AssertionError(new String(bytes, UTF_8), e);
        }
    }

    private static byte[] mangled(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + random.nextInt(1, 40));
        byte[] piece = Arrays.copyOfRange(bytes, at, end);
        return switch (random.nextInt(4)) {
            case 0 -> {
                byte[] changed = bytes.clone();
                changed[at] = (byte) random.nextInt(256);
                yield changed;
            }
            case 1 -> {
                byte[] changed = bytes.clone();
                changed[at] = (byte) "{}[]\",:0nt-9e".charAt(random.nextInt(13));
                yield changed;
            }
            case 2 -> spliced(bytes, at, end, new byte[0]);
            default -> {
                int to = random.nextInt(bytes.length);
                yield spliced(bytes, to, to, piece);
            }
        };
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
        byte[] result = Arrays.copyOf(bytes, from + piece.length + bytes.length - to);
        System.arraycopy(piece, 0, result, from, piece.length);
        System.arraycopy(bytes, to, result, from + piece.length, bytes.length - to);
        return result;
    }
}
