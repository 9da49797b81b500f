package run.clawcloud.block.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    /** Near the end of its range: the time of {@link System#nanoTime} may wrap. */
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - MINUTE / 2);

    @Test
    void grantsSoManyAtOnceAndThenSaysHowLongToWait() {
        RateLimit limiter = new RateLimit(3, Duration.ofMinutes(1), time::get);
        assertThat(limiter.take()).isZero();
        time.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(limiter.take()).isZero();
        assertThat(limiter.take()).isZero();

        assertThat(limiter.take()).isEqualTo(Duration.ofSeconds(50));
        time.addAndGet(Duration.ofSeconds(50).toNanos());

        assertThat(limiter.take()).isZero();
        assertThat(limiter.take()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void askingInVainCostsNothing() {
        RateLimit limiter = new RateLimit(1, Duration.ofMinutes(1), time::get);
        assertThat(limiter.take()).isZero();
        for (int i = 0; i < 59; i++) {
            time.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(limiter.take()).isEqualTo(Duration.ofSeconds(59L - i));
        }
        time.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(limiter.take()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 60})
    void neverGrantsMoreInAnyMinute(int perMinute) {
        long seed = 60;
        Random random = new Random(seed + perMinute);
        RateLimit limiter = new RateLimit(perMinute, Duration.ofMinutes(1), time::get);
        List<Long> granted = new ArrayList<>();
        long begin = time.get();
        for (int i = 0; i < 20_000; i++) {
            time.addAndGet(random.nextInt(5) == 0 ? random.nextLong(2 * MINUTE) : random.nextLong(MINUTE / perMinute));
            for (int burst = random.nextInt(4); burst >= 0; burst--) {
                Duration wait = limiter.take();
                if (wait.isZero()) {
                    granted.add(time.get() - begin);
                } else {
                    assertThat(wait).isBetween(Duration.ofNanos(1), Duration.ofMinutes(1));
                }
            }
        }

        assertThat(granted).hasSizeGreaterThan(perMinute * 10);
        for (int i = perMinute; i < granted.size(); i++) {
            assertThat(granted.get(i) - granted.get(i - perMinute))
                    .as("seed %d, grants %d to %d", seed, i - perMinute, i)
                    .isGreaterThanOrEqualTo(MINUTE);
        }
    }

    @Test
    void theWaitItNamesIsEnough() {
        Random random = new Random(61);
        RateLimit limiter = new RateLimit(5, Duration.ofMinutes(1), time::get);
        for (int i = 0; i < 5_000; i++) {
            time.addAndGet(random.nextLong(MINUTE / 4));
            time.addAndGet(limiter.take().toNanos());
            limiter.take();
            Duration wait = limiter.take();
            time.addAndGet(wait.toNanos());
            if (wait.isPositive()) {
                assertThat(limiter.take()).isZero();
            }
        }
    }
}
