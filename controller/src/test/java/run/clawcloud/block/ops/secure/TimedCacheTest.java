package run.clawcloud.block.ops.secure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimedCacheTest {

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
    private final TimedCache<String, Integer> cache = new TimedCache<>(2, nanoTime::get);

    @Test
    void anAnswerIsForgottenWhenItsTimeIsUp() {
        cache.put("a", 1, Duration.ofNanos(10));
        nanoTime.addAndGet(9);
        assertThat(cache.get("a")).hasValue(1);
        nanoTime.addAndGet(1);
        assertThat(cache.get("a")).isEmpty();
    }

    @Test
    void theOneThatWasAskedForLongestAgoMakesRoom() {
        cache.put("a", 1, Duration.ofDays(1));
        cache.put("b", 2, Duration.ofDays(1));
        assertThat(cache.get("a")).hasValue(1);
        cache.put("c", 3, Duration.ofDays(1));

        assertThat(cache.get("b")).isEmpty();
        assertThat(cache.get("a")).hasValue(1);
        assertThat(cache.get("c")).hasValue(3);
    }
}
