package run.clawcloud.block.ops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.namespace.FlowMonitor.Flow;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;

class TimesTest {

    private final AtomicLong nanoTime = new AtomicLong(-7);
    private final Metrics metrics = new Metrics("1", nanoTime::get);

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    private MetricSnapshot metric(String name) {
        return metrics.registry()
                .scrape(each -> each.equals("block_controller_" + name))
                .get(0);
    }

    private double lag() {
        return ((GaugeSnapshot) metric("feed_lag_seconds"))
                .getDataPoints()
                .getFirst()
                .getValue();
    }

    /** How many locks, and how long somebody has waited for all of them. */
    private List<Double> latency() {
        var latency = ((HistogramSnapshot) metric("lock_latency_seconds"))
                .getDataPoints()
                .getFirst();
        return List.of((double) latency.getCount(), latency.getSum());
    }

    /** A worker tries, and it takes a second. */
    private void tries(String namespace, Priority priority, Duration waited, Flow flow, String result) {
        metrics.work().started(namespace, priority, waited.toNanos());
        pass(Duration.ofSeconds(1));
        metrics.flows().ended(flow, namespace, result, Duration.ofSeconds(1));
        Outcome outcome = result.equals(FlowMonitor.FAILED) ? Outcome.failed() : Outcome.done();
        metrics.work().finished(namespace, outcome, Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aFeedLagsSinceTheServerWasLastHeard() {
        FeedMonitor feed = metrics.feed("namespaces", FeedMonitor.NONE);
        pass(Duration.ofSeconds(3));
        assertThat(lag()).isEqualTo(3);
        feed.synced();
        assertThat(lag()).isZero();
        pass(Duration.ofMillis(500));
        assertThat(lag()).isEqualTo(0.5);
        feed.restarted("failed");
        assertThat(lag()).isEqualTo(0.5);
        feed.heard();
        assertThat(lag()).isZero();
    }

    @Test
    void aLockIsWaitedForFromItsEventThroughAllTries() {
        tries("one", Priority.LIVE, Duration.ofSeconds(2), Flow.LOCK, FlowMonitor.FAILED);
        assertThat(latency()).containsExactly(0.0, 0.0);
        pass(Duration.ofSeconds(10));
        tries("one", Priority.RETRY, Duration.ofSeconds(5), Flow.LOCK, FlowMonitor.DONE);
        assertThat(latency()).containsExactly(1.0, 2 + 1 + 10 + 1.0);
        // The next lock of the same namespace is another one.
        pass(Duration.ofHours(1));
        tries("one", Priority.LIVE, Duration.ofSeconds(1), Flow.LOCK, FlowMonitor.DONE);
        assertThat(latency()).containsExactly(2.0, 14 + 2.0);
    }

    @Test
    void aLockThatIsNotWantedAnyMoreIsNotWaitedFor() {
        tries("one", Priority.LIVE, Duration.ZERO, Flow.LOCK, FlowMonitor.FAILED);
        tries("one", Priority.LIVE, Duration.ZERO, Flow.UNLOCK, FlowMonitor.FAILED);
        tries("two", Priority.LIVE, Duration.ZERO, Flow.LOCK, FlowMonitor.FAILED);
        tries("two", Priority.RETRY, Duration.ZERO, Flow.LOCK, FlowMonitor.VOID);
        pass(Duration.ofHours(1));
        tries("one", Priority.LIVE, Duration.ZERO, Flow.LOCK, FlowMonitor.DONE);
        tries("two", Priority.LIVE, Duration.ZERO, Flow.LOCK, FlowMonitor.DONE);
        assertThat(latency()).containsExactly(2.0, 2.0);
    }

    @Test
    void nobodyWaitsForWhatIsFoundAtStart() {
        tries("one", Priority.BACKLOG, Duration.ofMinutes(1), Flow.LOCK, FlowMonitor.FAILED);
        tries("one", Priority.RETRY, Duration.ofMinutes(1), Flow.LOCK, FlowMonitor.DONE);
        assertThat(latency()).containsExactly(0.0, 0.0);
    }
}
