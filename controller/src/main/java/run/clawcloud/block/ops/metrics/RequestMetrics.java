package run.clawcloud.block.ops.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import run.clawcloud.block.cluster.RequestMonitor;
import run.clawcloud.block.cluster.Verb;
import run.clawcloud.block.kube.Resource;

/** Requests to the API server. */
final class RequestMetrics implements RequestMonitor {

    private record Kind(Verb verb, Resource resource, String code) {}

    private final Counter requests;
    private final Map<Kind, CounterDataPoint> counts = new ConcurrentHashMap<>();
    private final Map<Verb, DistributionDataPoint> durations = new EnumMap<>(Verb.class);

    RequestMetrics(PrometheusRegistry registry) {
        requests = Counter.builder()
                .name(Metrics.PREFIX + "api_requests_total")
                .help("Requests to the API server; code is the HTTP status, none without an answer, dry-run when not"
                        + " sent")
                .labelNames("verb", "resource", "code")
                .withoutExemplars()
                .register(registry);
        Histogram histogram = Metrics.times(
                registry,
                "api_request_duration_seconds",
                "Time until the first byte of the API server's answer",
                Metrics.SHORT_TIMES,
                "verb");
        for (Verb verb : Verb.values()) {
            durations.put(verb, histogram.labelValues(verb.toString()));
        }
    }

    private CounterDataPoint count(Kind kind) {
        return requests.labelValues(kind.verb().toString(), kind.resource().qualifiedName(), kind.code());
    }

    @Override
    public void answered(Verb verb, Resource resource, String code, Duration took) {
        counts.computeIfAbsent(new Kind(verb, resource, code), this::count).inc();
        if (!code.equals(DRY_RUN)) {
            Objects.requireNonNull(durations.get(verb)).observe(Metrics.seconds(took.toNanos()));
        }
    }
}
