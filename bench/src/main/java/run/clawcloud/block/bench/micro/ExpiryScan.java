package run.clawcloud.block.bench.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import run.clawcloud.block.state.NamespaceIndex;

/** A million locks, of which none is due: what happens once a second. */
@BenchmarkMode(Mode.Throughput)
public class ExpiryScan {
    private static final int COUNT = 1_000_000;
    private static final long FIRST_DEADLINE = 1_000_000;

    /** The index; made once. */
    @State(Scope.Benchmark)
    public static class Locked {
        final NamespaceIndex index = new NamespaceIndex();

        /** Fills it. */
        public Locked() {
            for (byte[] name : SampleNames.of(COUNT, IndexBytes.NAME_LENGTH)) {
                int id = index.insert(name, 0, name.length);
                index.setDeadline(id, FIRST_DEADLINE + id);
            }
        }
    }

    @Benchmark
    public void scan(Locked locked, Blackhole found) {
        locked.index.forEachDeadlineUpTo(FIRST_DEADLINE - 1, found::consume);
    }
}
