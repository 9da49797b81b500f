package run.clawcloud.block.bench.micro;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import run.clawcloud.block.state.NamespaceIndex;

/** How much the heap grows by an index: all of it, slack and object headers included. */
public final class IndexBytes {
    /** Bytes of a name: that of a tenant's namespace is about as long. */
    public static final int NAME_LENGTH = 24;

    private static final int COUNT = 100_000;
    private static final int INDEXES = 10;
    private static final int COLLECTIONS = 3;

    private IndexBytes() {}

    /** Bytes a namespace at 100,000. */
    public static double measured() {
        return measured(NAME_LENGTH);
    }

    /** The same with names of 63 bytes. */
    public static double measuredWithLongestNames() {
        return measured(NamespaceIndex.MAX_NAME_LENGTH);
    }

    /** Several indexes, so that whatever else changes in the heap meanwhile does not show. */
    private static double measured(int nameLength) {
        byte[][] names = SampleNames.of(COUNT, nameLength);
        NamespaceIndex[] indexes = new NamespaceIndex[INDEXES];
        try {
            long before = used();
            for (int i = 0; i < INDEXES; i++) {
                indexes[i] = new NamespaceIndex();
                for (byte[] name : names) {
                    indexes[i].insert(name, 0, name.length);
                }
            }
            return (double) (used() - before) / INDEXES / COUNT;
        } finally {
            Reference.reachabilityFence(indexes);
            Reference.reachabilityFence(names);
        }
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
