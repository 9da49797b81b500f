package run.clawcloud.block.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.InstantSource;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.EventFilter;
import run.clawcloud.block.state.NamespaceIndex;
import run.clawcloud.block.state.Namespaces;
import tools.jackson.core.JsonParser;

/**
 * Whether an event concerns us, by its name and what else was read of it: 100,000 namespaces, of which 5 % are known.
 * The name of each is copied to where the decoder has it, in random order, so it is as fresh as after decoding. What
 * decoding costs is not part of it.
 */
@BenchmarkMode(Mode.Throughput)
public class FilterChecks {
    private static final int COUNT = 100_000;

    /** One of so many is known. */
    private static final int KNOWN = 20;

    /**
     * So many names are copied, then as many are checked. Between the name and the question the decoder reads all else
     * of an event, too, and the bytes have come to rest: checked at once, each check would wait 10 ns for the copy of
     * its name to leave the store buffer, as that was written by one wide store and is read by narrower loads.
     */
    private static final int BATCH = 16;

    /** The state and the names; made once. */
    @State(Scope.Benchmark)
    public static class Cluster {
        /** One behind the other, as in a stream: what is read next is in the cache already. */
        final byte[] names;

        final NamespaceIndex index = new NamespaceIndex();
        final Namespaces namespaces = new Namespaces(new Nobody(), InstantSource.system());

        /** Of namespaces that carry nothing of ours. */
        final NamespaceReading[] events = new NamespaceReading[BATCH];

        /** Tells the state of those that are known. */
        public Cluster() {
            EventFilter filter = new EventFilter(namespaces);
            NamespaceReading reading = new NamespaceReading(() -> Selectors.NONE);
            byte[][] shuffled = SampleNames.of(COUNT, IndexBytes.NAME_LENGTH);
            names = SampleNames.joined(shuffled);
            byte[][] known = shuffled.clone();
            Arrays.sort(known, Arrays::compare);
            for (int i = 0; i < COUNT; i += KNOWN) {
                index.insert(known[i], 0, known[i].length);
                filter.changed(read(reading, known[i], "\"clawcloud.run/status\":\"active\""));
            }
            for (int i = 0; i < BATCH; i++) {
                events[i] = read(new NamespaceReading(() -> Selectors.NONE), shuffled[i], "");
            }
        }

        private static NamespaceReading read(NamespaceReading reading, byte[] name, String label) {
            String json = "{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"7\",\"labels\":{%s}}}"
                    .formatted(new String(name, UTF_8), label);
            try (JsonParser parser = Json.parser(json.getBytes(UTF_8))) {
                parser.nextToken();
                return reading.read(parser);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void checks(Cluster cluster, Blackhole heeded) {
        for (int first = 0; first < COUNT; first += BATCH) {
            copy(cluster, first);
            for (NamespaceReading event : cluster.events) {
                heeded.consume(cluster.namespaces.heeds(event, false));
            }
        }
    }

    /** What of it is the look into the index alone. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void lookups(Cluster cluster, Blackhole found) {
        for (int first = 0; first < COUNT; first += BATCH) {
            copy(cluster, first);
            for (NamespaceReading event : cluster.events) {
                found.consume(cluster.index.find(event.nameBytes(), 0, event.nameLength()));
            }
        }
    }

    /** What of both is the copying. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public void copies(Cluster cluster, Blackhole copied) {
        for (int first = 0; first < COUNT; first += BATCH) {
            copy(cluster, first);
            for (NamespaceReading event : cluster.events) {
                copied.consume(event.nameBytes()[IndexBytes.NAME_LENGTH - 1]);
            }
        }
    }

    private static void copy(Cluster cluster, int first) {
        for (int i = 0; i < BATCH; i++) {
            System.arraycopy(
                    cluster.names,
                    (first + i) * IndexBytes.NAME_LENGTH,
                    cluster.events[i].nameBytes(),
                    0,
                    IndexBytes.NAME_LENGTH);
        }
    }

    private static final class Nobody implements ChangeListener {
        @Override
        public void needed(String namespace, Cause cause) {}

        @Override
        public void notice(String namespace, Notice notice, Deadline deadline) {}
    }
}
