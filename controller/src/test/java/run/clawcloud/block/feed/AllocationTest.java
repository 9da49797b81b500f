package run.clawcloud.block.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.feed.LabelSelector.Operator;
import run.clawcloud.block.feed.LabelSelector.Requirement;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.EventFilter;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.time.NotedPause;

/** What an event costs that changes nothing for us: no memory, from the bytes of the stream to the state. */
class AllocationTest {

    private static final int NAMESPACES = 1_000;
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 10_000;

    private final Namespaces namespaces = new Namespaces(new Deaf(), InstantSource.system());
    private final EventFilter filter = new EventFilter(namespaces);

    @Test
    void anEventOfANamespaceThatConcernsNobodyAllocatesNothing() throws Exception {
        Events events = new Events(version -> namespace(version, "\"team\":\"blue\",\"tier\":\"bronze\""));

        run(events, "");

        assertThat(events.bytesAnEvent()).isLessThan(8);
        assertThat(namespaces.get("tenant-000000-of-a-customer")).isEmpty();
    }

    @Test
    void theEchoOfAWriteAllocatesNothing() throws Exception {
        Events events = new Events(version -> namespace(version, "\"clawcloud.run/status\":\"active\""));
        for (int i = 0; i < NAMESPACES; i++) {
            namespaces.changed(ViewBuilder.active("tenant-%06d-of-a-customer".formatted(i), 1_000_000 + i)
                    .build());
        }

        run(events, NamespaceLister.WITH_STATUS);

        assertThat(events.bytesAnEvent()).isLessThan(8);
    }

    /** So that the bound is known to measure something. */
    @Test
    void anEventThatConcernsUsIsSeenToAllocate() throws Exception {
        Events events = new Events(version -> namespace(version, "\"tier\":\"gold\""));

        run(events, "");

        assertThat(events.bytesAnEvent()).isGreaterThan(100);
    }

    private void run(Events events, String labelSelector) throws Exception {
        Selectors selectors = selectors();
        NamespaceReading reading = new NamespaceReading(() -> selectors);
        Feed<NamespaceReading> feed = new Feed<>(
                events,
                labelSelector,
                (_, _) -> 10,
                reading::read,
                NamespaceReading::resourceVersion,
                filter,
                FeedMonitor.NONE,
                new NotedPause(),
                new Random(1));
        assertThatThrownBy(feed::run).isInstanceOf(InterruptedException.class);
    }

    private static Selectors selectors() throws InvalidSelectorException {
        return Selectors.of(
                0,
                Map.of(
                        1, LabelSelector.of(Map.of("tier", "gold"), List.of()),
                        2,
                                LabelSelector.of(
                                        Map.of(), List.of(requirement("tier", Operator.IN, "gold", "silver", "tin"))),
                        3, LabelSelector.of(Map.of("team", "red"), List.of(requirement("tier", Operator.EXISTS))),
                        4, LabelSelector.of(Map.of(), List.of(requirement("example.com/billing", Operator.EXISTS)))));
    }

    private static Requirement requirement(String key, Operator operator, String... values) {
        return new Requirement(key, operator, List.of(values));
    }

    /** As an API server writes it. */
    private static String namespace(long index, String labels) {
        String name = "tenant-%06d-of-a-customer".formatted(index);
        return """
            {"type":"MODIFIED","object":{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"%s",\
            "uid":"0a1b2c3d-0000-4000-8000-%012d","resourceVersion":"%d","creationTimestamp":"2029-06-01T08:00:00Z",\
            "labels":{"kubernetes.io/metadata.name":"%s",%s},"annotations":{"core.clawcloud.run/lock-reason":"unpaid",\
            "kubectl.kubernetes.io/last-applied-configuration":"{\\"kind\\":\\"Namespace\\"}\\n"},\
            "managedFields":[{"manager":"kubectl","operation":"Update","apiVersion":"v1","time":"2029-06-01T08:00:00Z",\
            "fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:kubernetes.io/metadata.name":{}}}}}]},\
            "spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}}
            """.formatted(name, index, 1_000_000 + index, name, labels);
    }

    /** A watch that tells of a thousand namespaces again and again, and measures what its reader allocates. */
    private static final class Events extends InputStream implements ListWatch {
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final List<byte[]> events = new ArrayList<>();
        private boolean opened;
        private int event;
        private int offset;
        private long before;
        private long after;

        Events(LongFunction<String> namespace) {
            for (int i = 0; i < NAMESPACES; i++) {
                events.add(namespace.apply(i).getBytes(UTF_8));
            }
        }

        double bytesAnEvent() {
            return (double) (after - before) / MEASURED;
        }

        @Override
        public int read(byte[] target, int start, int length) {
            if (event == WARM_UP + MEASURED) {
                return -1;
            }
            byte[] current = events.get(event % NAMESPACES);
            int count = Math.min(length, current.length - offset);
            System.arraycopy(current, offset, target, start, count);
            offset += count;
            if (offset == current.length) {
                offset = 0;
                event++;
                if (event == WARM_UP) {
                    before = threads.getCurrentThreadAllocatedBytes();
                } else if (event == WARM_UP + MEASURED) {
                    after = threads.getCurrentThreadAllocatedBytes();
                }
            }
            return count;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long resourceVersion() {
            return Long.MAX_VALUE;
        }

        @Override
        public InputStream list(
                String labelSelector, int limit, @Nullable String continueToken, @Nullable String resourceVersion) {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream watch(String labelSelector, String resourceVersion, Duration timeout, Duration silence)
                throws InterruptedException {
            if (opened) {
                throw new InterruptedException("it was read to its end");
            }
            opened = true;
            return this;
        }
    }

    private static final class Deaf implements ChangeListener {
        @Override
        public void needed(String namespace, Cause cause) {}

        @Override
        public void notice(String namespace, Notice notice, Deadline deadline) {}
    }
}
