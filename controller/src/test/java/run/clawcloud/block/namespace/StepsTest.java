package run.clawcloud.block.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static run.clawcloud.block.feed.ViewBuilder.locked;
import static run.clawcloud.block.namespace.MemoryCluster.refusal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.state.Target;
import run.clawcloud.block.state.TargetPhase;

/** What a lock does at once: how much of it, and what becomes of steps that fail. */
class StepsTest {

    private static final Outcome DONE = Outcome.done();
    private static final Outcome FAILED = Outcome.failed();

    private final FlowHarness flows = new FlowHarness(locked("tenant", 5));
    private final MemoryCluster cluster = flows.cluster;

    @BeforeEach
    void populate() {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.put(WorkloadKind.STATEFUL_SET, "db", 2, false, null);
        cluster.put(new Pod("tenant", "lonely", "u1", null, false, false, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"list pods", "delete pod lonely"})
    void aStepIsWaitedForHoweverLateItFails(String step) throws Exception {
        cluster.once(step, MemoryCluster.lateRefusal(Thread.currentThread()));

        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(cluster.view().applied()).isEqualTo("locking");
    }

    @Test
    void theLongestWaitThatTheServerAsksForIsKept() throws Exception {
        cluster.once("write DEPLOYMENT web", tooMany(7));
        cluster.once("write STATEFUL_SET", tooMany(9));
        cluster.once("list JOB", tooMany(8));

        assertThat(flows.process()).isEqualTo(Outcome.again(Duration.ofSeconds(9), Priority.RETRY));
    }

    private static MemoryCluster.Incident tooMany(int retryAfterSeconds) {
        return () -> {
            throw new ApiException(
                    "request", 429, "TooManyRequests", "scripted", Duration.ofSeconds(retryAfterSeconds));
        };
    }

    @Test
    void whoMeasuresHearsOfTheFailureAndHowLongItTook() throws Exception {
        cluster.once("list DEPLOYMENT", refusal(500, "InternalError"));
        cluster.once("create quota", () -> flows.nanoTime.addAndGet(7));
        flows.nanoTime.set(5);

        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(flows.failures)
                .singleElement()
                .extracting(ApiException::code)
                .isEqualTo(500);
        assertThat(flows.took).containsExactly(Duration.ofNanos(7));
    }

    /** No namespace takes more than its share of the API server: sixteen writes at once. */
    @Test
    void noMoreThanSixteenWritesAreUnderWayAtOnce() throws Exception {
        for (int i = 0; i < 16; i++) {
            cluster.put(WorkloadKind.DEPLOYMENT, "web-" + i, 3, false, null);
        }
        AtomicReference<Thread> lister = new AtomicReference<>(Thread.currentThread());
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        cluster.once("list DEPLOYMENT", () -> lister.set(Thread.currentThread()));
        cluster.always("write DEPLOYMENT", () -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            begun.incrementAndGet();
            await().until(() -> begun.get() == 17 || lister.get().getState() == Thread.State.WAITING);
            underWay.decrementAndGet();
        });

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(begun).hasValue(17);
        assertThat(most).hasValueLessThanOrEqualTo(16);
    }

    @Test
    void whatFailsIsToldUntilALockIsThrough() throws Exception {
        flows.hold();
        for (WorkloadKind kind : WorkloadKind.values()) {
            cluster.once("list " + kind, refusal(500, "InternalError"));
        }

        assertThat(flows.process()).isEqualTo(FAILED);
        Target failed = flows.namespaces.firstTargets(0, true, 1).getFirst();
        assertThat(failed.phase()).isEqualTo(TargetPhase.FAILED);
        assertThat(failed.message()).contains("scripted").endsWith(" (and 5 more)");

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(flows.namespaces.firstTargets(0, true, 1).getFirst().phase()).isEqualTo(TargetPhase.LOCKED);
    }
}
