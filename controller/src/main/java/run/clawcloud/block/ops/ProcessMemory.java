package run.clawcloud.block.ops;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The memory of this process now; all in bytes. */
public interface ProcessMemory {

    /** What the whole process has resident, as Linux tells it; elsewhere, the heap in use. */
    long residentSet();

    /** Of the heap, what is occupied, by garbage too. */
    long heap();

    /** Of the heap, what was still needed when all of it was last collected; 0 before that. */
    long heapNeeded();

    /** What the heap may grow to. */
    long heapLimit();

    /** That of this JVM. */
    static ProcessMemory ofThisJvm() {
        return new ThisJvm();
    }

    /** Tells the figures of the JVM that it runs in. */
    final class ThisJvm implements ProcessMemory {
        private static final Logger LOG = LoggerFactory.getLogger(ProcessMemory.class);
        private static final Path STATUS = Path.of("/proc/self/status");
        private static final Pattern RESIDENT_SET = Pattern.compile("^VmRSS:\\s+([0-9]+) kB$", Pattern.MULTILINE);

        /** Those where objects grow old: new ones come and go in the others, whatever is needed. */
        private final List<MemoryPoolMXBean> old = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.isCollectionUsageThresholdSupported() && pool.isUsageThresholdSupported())
                .toList();

        private ThisJvm() {}

        @Override
        public long residentSet() {
            try {
                Matcher matcher = RESIDENT_SET.matcher(Files.readString(STATUS));
                if (matcher.find()) {
                    return Long.parseLong(matcher.group(1)) << 10;
                }
            } catch (IOException e) {
                LOG.trace("no {}", STATUS, e);
            }
            return heap();
        }

        @Override
        public long heap() {
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }

        @Override
        public long heapNeeded() {
            long needed = 0;
            for (MemoryPoolMXBean pool : old) {
                MemoryUsage usage = pool.getCollectionUsage();
                needed += usage == null ? 0 : usage.getUsed();
            }
            return needed;
        }

        @Override
        public long heapLimit() {
            return Runtime.getRuntime().maxMemory();
        }
    }
}
