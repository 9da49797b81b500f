package run.clawcloud.block.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the figures were taken on.
 *
 * @param cpu its model, empty if the system does not say
 * @param memory bytes
 */
public record Machine(String cpu, int cpus, long memory, String os, String java) {
    /** This one. */
    public static Machine here() {
        return new Machine(
                model(),
                Runtime.getRuntime().availableProcessors(),
                memoryBytes(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version());
    }

    private static String model() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static long memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    void write(ObjectNode json) {
        json.put("cpu", cpu)
                .put("cpus", cpus)
                .put("memoryMB", Math.round(memory / 1e6))
                .put("os", os)
                .put("java", java);
    }
}
