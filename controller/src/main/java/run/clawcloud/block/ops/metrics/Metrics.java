package run.clawcloud.block.ops.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import run.clawcloud.block.cluster.RequestMonitor;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.ops.Intake;
import run.clawcloud.block.ops.ProcessMemory;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.WorkListener;
import run.clawcloud.block.state.EventFilter;
import run.clawcloud.block.state.Namespaces;

/** What is counted. */
public final class Metrics {

    static final String PREFIX = "block_controller_";

    private static final Duration DAY = Duration.ofDays(1);
    /** Of the buckets of what a server and a worker take, seconds. */
    static final double[] SHORT_TIMES = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final RequestMetrics requests = new RequestMetrics(registry);
    private final FlowMetrics flows;
    private final FeedMetrics feeds;

    /**
     * Of this JVM and this version.
     *
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    public Metrics(String version, LongSupplier nanoTime) {
        flows = new FlowMetrics(registry, nanoTime);
        feeds = new FeedMetrics(registry, nanoTime);
        Info.builder()
                .name(PREFIX + "build_info")
                .help("The version of the controller")
                .labelNames("version")
                .register(registry)
                .addLabelValues(version);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        GaugeWithCallback.builder()
                .name(PREFIX + "threads")
                .help("Platform threads, carriers of virtual ones among them, without those of the JVM itself")
                .callback(gauge -> gauge.call(threads.getThreadCount()))
                .register(registry);
        registry.register(new JvmAndProcess());
    }

    /** Hears of requests. */
    public RequestMonitor requests() {
        return requests;
    }

    /** Hears how flows end. */
    public FlowMonitor flows() {
        return flows;
    }

    /** Hears how namespaces wait and are worked on. */
    public WorkListener<String> work() {
        return flows;
    }

    /**
     * Hears how a feed fares.
     *
     * @param what is fed: {@code namespaces}
     * @param next hears everything too
     */
    public FeedMonitor feed(String what, FeedMonitor next) {
        return feeds.of(what, next);
    }

    /** Adds what is known of namespaces, how many wait, and what the filter has seen. */
    public void watch(Namespaces namespaces, ToIntFunction<Priority> queueDepth, EventFilter filter) {
        GaugeWithCallback.builder()
                .name(PREFIX + "namespaces")
                .help("Namespaces that carry the status label or to which something was applied, by state")
                .labelNames("state")
                .callback(gauge -> namespaces.tally().forEach((state, count) -> gauge.call(count, lower(state))))
                .register(registry);
        GaugeWithCallback.builder()
                .name(PREFIX + "expiring_24h")
                .help("Locked namespaces whose lock runs out within 24 hours, or has")
                .callback(gauge -> gauge.call(namespaces.expiring(DAY)))
                .register(registry);
        GaugeWithCallback.builder()
                .name(PREFIX + "next_expiry_timestamp_seconds")
                .help("When the next lock runs out, in Unix time; absent when none does")
                .callback(gauge ->
                        namespaces.nextExpiry().map(Instant::toEpochMilli).ifPresent(at -> gauge.call(at / MILLIS)))
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
        CounterWithCallback.builder()
                .name(PREFIX + "events_total")
                .help("Events of the watch of namespaces: seen, and of these dropped, as they concern nobody")
                .labelNames("outcome")
                .callback(counter -> {
                    counter.call((double) filter.seen(), "seen");
                    counter.call((double) filter.dropped(), "dropped");
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

    /** Adds how many Kubernetes Events there was no room for. */
    public void droppedEvents(LongSupplier dropped) {
        CounterWithCallback.builder()
                .name(PREFIX + "kubernetes_events_dropped_total")
                .help("Kubernetes Events that were not written, as more came than may be written")
                .callback(counter -> counter.call((double) dropped.getAsLong()))
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

    /** What {@code /metrics} serves. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /**
     * A histogram of times, without exemplars, which nobody looks at and which cost at each observation.
     *
     * @param bounds upper ones of its buckets, seconds
     */
    static Histogram times(PrometheusRegistry registry, String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(PREFIX + name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .withoutExemplars()
                .classicUpperBounds(bounds)
                .register(registry);
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static double seconds(long nanos) {
        return nanos / NANOS;
    }
}
