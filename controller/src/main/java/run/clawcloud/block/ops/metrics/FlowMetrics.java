package run.clawcloud.block.ops.metrics;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.WorkListener;

/**
 * What the workers do with namespaces: how their flows end, how long they take, and how long somebody waits for a lock.
 *
 * <p>That begins with the event, and may take several tries: of those that failed, it is remembered since when they are
 * wanted. So there are as many of these as namespaces that are worked on or fail.
 */
final class FlowMetrics implements FlowMonitor, WorkListener<String> {

    /** The errors by where they come from; those of the API server by its status. */
    private static final String DEFECT = "defect";

    private final LongSupplier nanoTime;
    private final Counter reconciles;
    private final Map<Flow, DistributionDataPoint> durations = new EnumMap<>(Flow.class);
    private final Map<Priority, DistributionDataPoint> waits = new EnumMap<>(Priority.class);
    private final DistributionDataPoint lockLatency;
    private final Counter errors;
    private final Counter deletions;

    /** By namespace, the nanosecond of the event that is worked on since. */
    private final Map<String, Long> wantedSince = new ConcurrentHashMap<>();

    FlowMetrics(PrometheusRegistry registry, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        reconciles = Counter.builder()
                .name(Metrics.PREFIX + "reconcile_total")
                .help("Flows that ended: done, void (not wanted any more), again (waits for something), failed")
                .labelNames("flow", "result")
                .withoutExemplars()
                .register(registry);
        Histogram flows = Metrics.times(
                registry,
                "reconcile_duration_seconds",
                "How long a flow took, however it ended",
                Metrics.SHORT_TIMES,
                "flow");
        for (Flow flow : Flow.values()) {
            durations.put(flow, flows.labelValues(Metrics.lower(flow)));
            for (String result : RESULTS) {
                reconciles.initLabelValues(Metrics.lower(flow), result);
            }
        }
        lockLatency = Metrics.times(
                registry,
                "lock_latency_seconds",
                "From the event by which a lock was wanted until the namespace was locked, all tries included;"
                        + " without what was found at start",
                new double[] {0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600});
        Histogram queue = Metrics.times(
                registry,
                "queue_wait_seconds",
                "How long namespaces that were ready waited for a worker, by priority",
                new double[] {0.001, 0.01, 0.1, 1, 10, 60, 600, 3600},
                "priority");
        for (Priority priority : Priority.values()) {
            waits.put(priority, queue.labelValues(Metrics.lower(priority)));
        }
        errors = Counter.builder()
                .name(Metrics.PREFIX + "errors_total")
                .help("What failed and is tried again, by the answer of the API server; defect: an error of the"
                        + " controller")
                .labelNames("reason")
                .withoutExemplars()
                .register(registry);
        for (Reason reason : Reason.values()) {
            errors.initLabelValues(Metrics.lower(reason));
        }
        errors.initLabelValues(DEFECT);
        deletions = Counter.builder()
                .name(Metrics.PREFIX + "deletions_total")
                .help("Namespaces deleted because their lock had run out")
                .register(registry);
    }

    @Override
    public void started(String namespace, Priority priority, long waitedNanos) {
        Objects.requireNonNull(waits.get(priority)).observe(Metrics.seconds(waitedNanos));
        if (priority == Priority.LIVE) {
            wantedSince.putIfAbsent(namespace, nanoTime.getAsLong() - waitedNanos);
        }
    }

    @Override
    public void ended(Flow flow, String name, String result, Duration took) {
        reconciles.labelValues(Metrics.lower(flow), result).inc();
        Objects.requireNonNull(durations.get(flow)).observe(Metrics.seconds(took.toNanos()));
        if (flow == Flow.LOCK && result.equals(DONE)) {
            Long since = wantedSince.remove(name);
            if (since != null) {
                lockLatency.observe(Metrics.seconds(nanoTime.getAsLong() - since));
            }
        } else if (flow == Flow.UNLOCK || flow == Flow.EXPIRE) {
            wantedSince.remove(name);
        }
    }

    @Override
    public void finished(String namespace, Outcome outcome, long tookNanos) {
        if (outcome instanceof Outcome.Done) {
            wantedSince.remove(namespace);
        }
    }

    @Override
    public void threw(String key, Throwable cause) {
        errors.labelValues(DEFECT).inc();
    }

    @Override
    public void failed(ApiException failure) {
        errors.labelValues(Metrics.lower(Reason.of(failure))).inc();
    }

    @Override
    public void namespaceDeleted() {
        deletions.inc();
    }

    /** Why something failed. */
    private enum Reason {
        NO_ANSWER,
        UNAUTHORIZED,
        FORBIDDEN,
        NOT_FOUND,
        CONFLICT,
        TOO_LARGE,
        INVALID,
        BUSY,
        SERVER_ERROR,
        REFUSED;

        private static Reason of(ApiException failure) {
            if (failure.busy()) {
                return BUSY;
            }
            if (failure.tooLarge()) {
                return TOO_LARGE;
            }
            return switch (failure.code()) {
                case ApiException.NO_ANSWER -> NO_ANSWER;
                case 401 -> UNAUTHORIZED;
                case 403 -> FORBIDDEN;
                case 404 -> NOT_FOUND;
                case 409 -> CONFLICT;
                case 422 -> INVALID;
                default -> failure.code() >= 500 ? SERVER_ERROR : REFUSED;
            };
        }
    }
}
