package run.clawcloud.block.ops.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.cluster.RequestMonitor;
import run.clawcloud.block.cluster.Verb;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.ops.HealthCheck;
import run.clawcloud.block.ops.HealthCheck.Finding;
import run.clawcloud.block.ops.health.Limits.Standstill;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.WorkListener;

/** What makes the process unready, what makes it dead, and what neither. */
@Timeout(60)
class HealthTest {

    private static final Duration UNREACHABLE = Duration.ofMinutes(1);
    private static final Duration UNREADY = Duration.ofMinutes(5);
    private static final Duration DEAD = Duration.ofMinutes(10);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Health health = new Health(
            new Limits(UNREACHABLE, new Standstill(UNREADY, DEAD), new Standstill(UNREADY, DEAD)), nanos::get);
    private final RequestMonitor requests = health.requests((verb, resource, code, took) -> {});
    private final WorkListener<String> work = health.work(new WorkListener<>() {});

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void answered(String code) {
        requests.answered(Verb.GET, Resource.NAMESPACES, code, Duration.ZERO);
    }

    private HealthCheck check(String name) {
        return health.checks().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Finding ready(String name) {
        return check(name).ready().get();
    }

    private boolean alive(String name) {
        return Optional.ofNullable(check(name).alive()).orElseThrow().get().well();
    }

    @Test
    void atTheStartAllIsWell() {
        assertThat(health.checks())
                .allSatisfy(check ->
                        assertThat(ready(check.name()).well()).as(check.name()).isTrue());
    }

    // The API server.

    @ParameterizedTest
    @ValueSource(strings = {"none", "401", "500", "503"})
    void anApiServerThatGivesNothingForAMinuteMakesUnreadyAndNeverDead(String code) {
        answered("200");
        pass(Duration.ofHours(1));
        answered(code);
        pass(UNREACHABLE);
        answered(code);
        assertThat(ready("api-server").well()).isTrue();

        pass(MOMENT);
        assertThat(ready("api-server")).isEqualTo(Finding.unwell("every request has failed for 60 s"));
        assertThat(check("api-server").alive()).isNull();

        answered("200");
        assertThat(ready("api-server").well()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"200", "403", "404", "409", "429"})
    void whateverElseItAnswersItIsThere(String code) {
        answered("none");
        pass(Duration.ofSeconds(30));
        answered(code);
        answered("none");
        pass(UNREACHABLE);

        assertThat(ready("api-server").well()).isTrue();
    }

    @Test
    void whereNothingIsAskedNothingIsWrong() {
        answered("200");
        pass(Duration.ofHours(1));
        answered("dry-run");

        assertThat(ready("api-server").well()).isTrue();
    }

    // Watches.

    @Test
    void aSilentWatchMakesUnready() {
        FeedMonitor namespaces = health.feed("namespaces", FeedMonitor.NONE);
        namespaces.synced();
        pass(UNREADY);
        namespaces.heard();
        pass(UNREADY);
        namespaces.restarted("ended");
        pass(UNREADY);
        assertThat(ready("watches").well()).isTrue();

        pass(MOMENT);
        assertThat(ready("watches")).isEqualTo(Finding.unwell("nothing was heard of namespaces for 300 s"));

        namespaces.synced();
        assertThat(ready("watches").well()).isTrue();
    }

    @Test
    void oneSilentWatchOfSeveralIsEnough() {
        FeedMonitor namespaces = health.feed("namespaces", FeedMonitor.NONE);
        FeedMonitor quotas = health.feed("quotas", FeedMonitor.NONE);
        namespaces.synced();
        quotas.synced();
        pass(UNREADY);
        namespaces.heard();
        pass(MOMENT);

        assertThat(ready("watches").details()).contains("quotas");
    }

    /** A restart would get no further. */
    @Test
    void aFeedThatFailsAgainAndAgainIsAlive() {
        FeedMonitor namespaces = health.feed("namespaces", FeedMonitor.NONE);
        namespaces.synced();
        for (int minutes = 0; minutes < 60; minutes++) {
            pass(Duration.ofMinutes(1));
            namespaces.restarted("failed");
            namespaces.failed(new ApiException("list namespaces", 403, "Forbidden", "no", null), UNREACHABLE);
        }

        assertThat(ready("watches").well()).isFalse();
        assertThat(alive("watches")).isTrue();
    }

    @Test
    void aFeedThatStandsStillIsDead() {
        FeedMonitor namespaces = health.feed("namespaces", FeedMonitor.NONE);
        namespaces.synced();
        pass(DEAD);
        assertThat(alive("watches")).isTrue();

        pass(MOMENT);
        assertThat(alive("watches")).isFalse();
    }

    @Test
    void aFeedThatNeverBeganIsDeadToo() {
        assertThat(health.feed("namespaces", FeedMonitor.NONE)).isNotNull();
        pass(DEAD.plus(MOMENT));

        assertThat(alive("watches")).isFalse();
    }

    // Workers.

    @Test
    void aWorkerThatGetsNoAnswerIsStuckAndLaterDead() {
        work.started("tenant", Priority.LIVE, 0);
        pass(UNREADY);
        assertThat(ready("workers")).isEqualTo(new Finding(true, "1 at work"));

        pass(MOMENT);
        assertThat(ready("workers")).isEqualTo(Finding.unwell("1 stuck, the longest for 300 s, at tenant"));
        assertThat(alive("workers")).isTrue();

        pass(DEAD);
        assertThat(alive("workers")).isFalse();

        work.finished("tenant", Outcome.done(), 0);
        assertThat(ready("workers")).isEqualTo(new Finding(true, "0 at work"));
        assertThat(alive("workers")).isTrue();
    }

    /** A namespace of very many objects. */
    @Test
    void aWorkerWhoseRequestsAreAnsweredIsNotStuckHoweverLongItTakes() {
        work.started("tenant", Priority.LIVE, 0);
        for (int minutes = 0; minutes < 60; minutes++) {
            pass(Duration.ofMinutes(1));
            answered("200");
        }

        assertThat(ready("workers").well()).isTrue();
    }

    @Test
    void theAnswersOfOthersDoNotHelpAStuckWorker() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread stuck = Thread.ofVirtual().start(() -> {
            work.started("stuck", Priority.LIVE, 0);
            started.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        started.await();
        work.started("tenant", Priority.LIVE, 0);
        pass(UNREADY.plus(MOMENT));
        answered("200");

        assertThat(ready("workers").details()).isEqualTo("1 stuck, the longest for 300 s, at stuck");
        over.countDown();
        stuck.join();
    }

    // Threads.

    @Test
    void aThreadThatEndedByADefectIsWorthARestart() {
        health.ended("events");
        health.ended("expiry");

        assertThat(ready("threads")).isEqualTo(Finding.unwell("ended by a defect: events, expiry"));
        assertThat(alive("threads")).isFalse();
    }
}
