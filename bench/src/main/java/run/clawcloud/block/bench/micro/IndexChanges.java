package run.clawcloud.block.bench.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import run.clawcloud.block.state.NamespaceIndex;

/** An index that grows from nothing to 100,000, and one that loses them all again, by name. */
@BenchmarkMode(Mode.Throughput)
public class IndexChanges {
    private static final int COUNT = 100_000;

    /** The names; made once. */
    @State(Scope.Benchmark)
    public static class Names {
        final byte[][] names = SampleNames.of(COUNT, IndexBytes.NAME_LENGTH);
    }

    /** An index that is full before each call: filling it takes long enough for the clock to be stopped meanwhile. */
    @State(Scope.Thread)
    public static class Full {
        private NamespaceIndex index = new NamespaceIndex();

        @Setup(Level.Invocation)
        public void fill(Names names) {
            index = new NamespaceIndex();
            for (byte[] name : names.names) {
                index.insert(name, 0, name.length);
            }
        }
    }

    /** Growth is part of it. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public NamespaceIndex inserts(Names names) {
        NamespaceIndex index = new NamespaceIndex();
        for (byte[] name : names.names) {
            index.insert(name, 0, name.length);
        }
        return index;
    }

    /** Looking it up is part of it. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public NamespaceIndex deletes(Names names, Full full) {
        for (byte[] name : names.names) {
            full.index.remove(full.index.find(name, 0, name.length));
        }
        return full.index;
    }
}
