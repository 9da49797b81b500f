package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.store.ObjectKey;

class WorkQueueTest {

    private static final ObjectKey A = new ObjectKey("n", "a");
    private static final ObjectKey B = new ObjectKey("n", "b");
    private static final ObjectKey C = new ObjectKey("other", "c");

    private final AtomicLong nanos = new AtomicLong();
    private final WorkQueue queue = new WorkQueue(nanos::get, Duration.ofMillis(10), Duration.ofMillis(80));

    private List<ObjectKey> takeAll() throws InterruptedException {
        List<ObjectKey> keys = new ArrayList<>();
        while (!queue.idle()) {
            ObjectKey key = queue.take();
            assertThat(key).isNotNull();
            keys.add(key);
            queue.done(key, null);
        }
        return keys;
    }

    private void fail(ObjectKey key) throws InterruptedException {
        assertThat(queue.take()).isEqualTo(key);
        queue.failed(key, Duration.ZERO);
    }

    private void pass(long millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void aKeyWaitsOnce() throws InterruptedException {
        queue.add(A);
        queue.add(B);
        queue.add(A);
        assertThat(takeAll()).containsExactly(A, B);
    }

    @Test
    void aKeyThatIsAddedWhileItIsWorkedOnComesAgainAfterwards() throws InterruptedException {
        queue.add(A);
        ObjectKey taken = queue.take();
        queue.add(A);
        queue.add(B);
        assertThat(queue.take()).isEqualTo(B);
        queue.done(B, null);
        assertThat(taken).isEqualTo(A);
        queue.done(A, null);
        assertThat(takeAll()).containsExactly(A);
    }

    @Test
    void ofSeveralDelaysTheEarliestCounts() throws InterruptedException {
        queue.addAfter(A, Duration.ofMillis(50));
        queue.addAfter(A, Duration.ofMillis(20));
        queue.addAfter(A, Duration.ofMillis(90));
        queue.addAfter(B, Duration.ofMillis(10));
        assertThat(takeAll()).isEmpty();
        pass(20);
        assertThat(takeAll()).containsExactly(B, A);
        pass(100);
        assertThat(takeAll()).isEmpty();
    }

    @Test
    void whoeverWorksOnAKeySaysWhenItComesBack() throws InterruptedException {
        queue.addAfter(A, Duration.ofMillis(50));
        queue.add(A);
        @Nullable ObjectKey taken = queue.take();
        assertThat(taken).isEqualTo(A);
        queue.done(A, Duration.ofMillis(200));
        pass(100);
        assertThat(takeAll()).isEmpty();
        pass(100);
        assertThat(takeAll()).containsExactly(A);
    }

    @Test
    void failuresComeBackLaterAndLater() throws InterruptedException {
        queue.add(A);
        for (int delay : new int[] {10, 20, 40, 80, 80}) {
            fail(A);
            pass(delay - 1);
            assertThat(queue.idle()).isTrue();
            pass(1);
            assertThat(queue.idle()).isFalse();
        }
        assertThat(takeAll()).containsExactly(A);
        queue.add(A);
        fail(A);
        pass(10);
        assertThat(takeAll()).containsExactly(A);
    }

    @Test
    void aFailureCanAskForMorePatience() throws InterruptedException {
        queue.add(A);
        assertThat(queue.take()).isEqualTo(A);
        queue.failed(A, Duration.ofMillis(50));
        pass(49);
        assertThat(queue.idle()).isTrue();
        pass(1);
        assertThat(takeAll()).containsExactly(A);
    }

    @Test
    void whatFailedInANamespaceCanBeTriedAtOnce() throws InterruptedException {
        queue.add(A);
        fail(A);
        queue.add(C);
        fail(C);
        queue.retryNow("n");
        assertThat(takeAll()).containsExactly(A);
        queue.retryNow("n");
        assertThat(takeAll()).isEmpty();
    }

    @Test
    void closedItHandsOutNothing() throws InterruptedException {
        queue.add(A);
        queue.close();
        assertThat(queue.take()).isNull();
    }
}
