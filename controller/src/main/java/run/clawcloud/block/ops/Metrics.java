package run.clawcloud.block.ops;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import run.clawcloud.block.cluster.RequestMonitor;
import run.clawcloud.block.cluster.Verb;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.state.Namespaces;

/** What is counted, in Prometheus' terms. */
public final class Metrics implements RequestMonitor, FlowMonitor {

    private static final String PREFIX = "block_controller_";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder()
            .name(PREFIX + "api_requests_total")
            .help(
                    "Requests to the API server; code is the HTTP status, 'none' without an answer, 'dry-run' when not sent")
            .labelNames("verb", "resource", "code")
            .register(registry);
    private final Counter reconciles = Counter.builder()
            .name(PREFIX + "reconcile_total")
            .help("Flows that ended: done, void (not wanted any more), again (waits for something), failed")
            .labelNames("flow", "result")
            .register(registry);
    private final Counter deletions = Counter.builder()
            .name(PREFIX + "deletions_total")
            .help("Namespaces deleted because their lock had run out")
            .register(registry);

    /** Adds the gauges that are read when they are asked for. */
    public void watch(Namespaces namespaces, ToIntFunction<Priority> queueDepth) {
        GaugeWithCallback.builder()
                .name(PREFIX + "namespaces")
                .help("Namespaces that carry the status label or to which something was applied, by state")
                .labelNames("state")
                .callback(gauge -> namespaces.tally().forEach((state, count) -> gauge.call(count, lower(state))))
                .register(registry);
        GaugeWithCallback.builder()
                .name(PREFIX + "queue_depth")
                .help("Namespaces that wait to be worked on, by priority")
                .labelNames("priority")
                .callback(gauge -> {
                    for (Priority each : Priority.values()) {
                        gauge.call(queueDepth.applyAsInt(each), lower(each));
                    }
                })
                .register(registry);
    }

    /**
     * Adds what is known of the memory.
     *
     * @param limit of the whole process, bytes
     * @param index what is known of namespaces, bytes
     */
    public void watch(ProcessMemory memory, long limit, LongSupplier index, Supplier<Intake> intake) {
        GaugeWithCallback.builder()
                .name(PREFIX + "memory_bytes")
                .help("Memory by area: rss is the whole process, heap what is occupied of the heap, heap_needed what"
                        + " was no garbage when all of it was last collected, index what is known of namespaces")
                .labelNames("area")
                .callback(gauge -> {
                    gauge.call((double) memory.residentSet(), "rss");
                    gauge.call((double) memory.heap(), "heap");
                    gauge.call((double) memory.heapNeeded(), "heap_needed");
                    gauge.call((double) index.getAsLong(), "index");
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name(PREFIX + "memory_limit_bytes")
                .help("What the process may use: --max-memory-mb")
                .callback(gauge -> gauge.call((double) limit))
                .register(registry);
        GaugeWithCallback.builder()
                .name(PREFIX + "intake_ratio")
                .help("The share of the workers that take new work: 1, less when memory is short, 0 when it is used up")
                .callback(gauge -> gauge.call(intake.get().share()))
                .register(registry);
    }

    /** Adds the gauge of the leadership. */
    public void leader(BooleanSupplier leads) {
        GaugeWithCallback.builder()
                .name(PREFIX + "leader")
                .help("1 if this process may write, 0 if it stands by; always 1 without leader election")
                .callback(gauge -> gauge.call(leads.getAsBoolean() ? 1 : 0))
                .register(registry);
    }

    PrometheusRegistry registry() {
        return registry;
    }

    @Override
    public void answered(Verb verb, Resource resource, String code, Duration took) {
        requests.labelValues(verb.toString(), resource.qualifiedName(), code).inc();
    }

    @Override
    public void ended(Flow flow, String result, Duration took) {
        reconciles.labelValues(lower(flow), result).inc();
    }

    @Override
    public void namespaceDeleted() {
        deletions.inc();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
