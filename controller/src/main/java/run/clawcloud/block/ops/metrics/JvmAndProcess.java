package run.clawcloud.block.ops.metrics;

import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;

/**
 * What the JVM and the system tell of the process: memory, collections, version, CPU, file descriptors. All that the
 * library has would take 4 MB; these take one, from when they are first asked for.
 */
final class JvmAndProcess implements MultiCollector {

    /** Guarded by this. */
    private @Nullable PrometheusRegistry registry;

    @Override
    public synchronized MetricSnapshots collect() {
        PrometheusRegistry asked = registry;
        if (asked == null) {
            asked = new PrometheusRegistry();
            JvmMemoryMetrics.builder().register(asked);
            JvmGarbageCollectorMetrics.builder().register(asked);
            JvmRuntimeInfoMetric.builder().register(asked);
            ProcessMetrics.builder().register(asked);
            registry = asked;
        }
        return asked.scrape();
    }
}
