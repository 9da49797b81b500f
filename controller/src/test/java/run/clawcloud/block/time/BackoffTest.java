package run.clawcloud.block.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private final Backoff backoff = new Backoff(new Random(1));

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "8, 128", "9, 256", "10, 300", "11, 300", "100, 300", "2147483647, 300"})
    void doublesFromOneSecondToFiveMinutesWithAFifthOfJitter(int failures, int seconds) {
        Set<Duration> delays = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            delays.add(backoff.delay(failures));
        }

        assertThat(delays)
                .hasSizeGreaterThan(90)
                .allSatisfy(delay -> assertThat(delay)
                        .isBetween(Duration.ofMillis(seconds * 800L), Duration.ofMillis(seconds * 1_200L)));
    }

    @Test
    void refusesWhatIsNoBackoff() {
        Random random = new Random(1);

        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), random))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), random))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
