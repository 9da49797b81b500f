package run.clawcloud.block.request;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.NamespaceLister.EVERYTHING;
import static run.clawcloud.block.feed.NamespaceLister.WITH_STATUS;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import run.clawcloud.block.feed.Selectors;

/** When namespaces are listed anew, and which. */
@Timeout(20)
class ScopeTest {

    private static final Selectors ONE = Selectors.of(0, Map.of(1, RequestBuilder.selector("team", "a")));

    private final LinkedBlockingQueue<String> relisted = new LinkedBlockingQueue<>();
    private final Scope scope = new Scope(relisted::add);
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Thread each : threads) {
            each.interrupt();
            each.join();
        }
    }

    /** Carries out what has come together until now. */
    private List<String> carriedOut() throws InterruptedException {
        Thread runner = Thread.ofVirtual().start(() -> {
            try {
                scope.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        threads.add(runner);
        while (runner.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        runner.interrupt();
        runner.join();
        List<String> taken = new ArrayList<>();
        relisted.drainTo(taken);
        return taken;
    }

    @Test
    void beginsWithTheNamespacesThatHaveTheLabelWhichAreListedAnyway() throws Exception {
        assertThat(carriedOut()).isEmpty();
        assertThat(scope.get()).isSameAs(Selectors.NONE);
    }

    @Test
    void isEverythingWhileThereIsASelector() throws Exception {
        scope.selectors(ONE, true);
        assertThat(carriedOut()).containsExactly(EVERYTHING);
        assertThat(scope.get()).isSameAs(ONE);

        scope.selectors(Selectors.NONE, false);
        assertThat(carriedOut()).containsExactly(WITH_STATUS);
    }

    @Test
    void isEverythingWhileANameIsMissing() throws Exception {
        scope.missing(true);
        assertThat(carriedOut()).containsExactly(EVERYTHING);
        scope.missing(true);
        assertThat(carriedOut()).isEmpty();
        scope.missing(false);
        assertThat(carriedOut()).containsExactly(WITH_STATUS);
    }

    @Test
    void staysEverythingForAsLongAsThereIsOneReason() throws Exception {
        scope.missing(true);
        scope.selectors(ONE, true);
        assertThat(carriedOut()).containsExactly(EVERYTHING);
        scope.missing(false);
        assertThat(carriedOut()).isEmpty();
        scope.selectors(Selectors.NONE, false);
        assertThat(carriedOut()).containsExactly(WITH_STATUS);
    }

    @Test
    void aSelectorMoreHasAllListedAgainAndOneLessDoesNot() throws Exception {
        Selectors two = Selectors.of(
                0, Map.of(1, RequestBuilder.selector("team", "a"), 2, RequestBuilder.selector("team", "b")));
        scope.selectors(ONE, true);
        carriedOut();

        scope.selectors(two, true);
        assertThat(carriedOut()).containsExactly(EVERYTHING);
        scope.selectors(ONE, false);
        assertThat(carriedOut()).isEmpty();
    }

    @Test
    void whatComesAndGoesBeforeItIsCarriedOutIsNoReason() throws Exception {
        scope.missing(true);
        scope.missing(false);

        assertThat(carriedOut()).isEmpty();
    }

    @Test
    void listsAnewOnDemand() throws Exception {
        scope.listAnew();

        assertThat(carriedOut()).containsExactly(WITH_STATUS);
    }

    @Test
    void whatComesWhileItWaitsIsCarriedOut() throws Exception {
        Queue<String> got = new ArrayDeque<>();
        CountDownLatch begun = new CountDownLatch(1);
        threads.add(Thread.ofVirtual().start(() -> {
            begun.countDown();
            try {
                scope.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        begun.await();

        scope.selectors(ONE, true);
        got.add(String.valueOf(relisted.poll(10, TimeUnit.SECONDS)));
        scope.selectors(Selectors.NONE, false);
        got.add(String.valueOf(relisted.poll(10, TimeUnit.SECONDS)));
        scope.missing(true);
        got.add(String.valueOf(relisted.poll(10, TimeUnit.SECONDS)));
        scope.listAnew();
        got.add(String.valueOf(relisted.poll(10, TimeUnit.SECONDS)));

        assertThat(got).containsExactly(EVERYTHING, WITH_STATUS, EVERYTHING, EVERYTHING);
    }
}
