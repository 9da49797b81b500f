package run.clawcloud.block.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private static Latencies upTo(int millis) {
        List<Duration> samples = new java.util.ArrayList<>(
                IntStream.rangeClosed(1, millis).mapToObj(Duration::ofMillis).toList());
        Collections.reverse(samples);
        return new Latencies(samples);
    }

    @Test
    void takesTheNearestRank() {
        assertThat(upTo(100).percentile(50)).isEqualTo(Duration.ofMillis(50));
        assertThat(upTo(100).percentile(99)).isEqualTo(Duration.ofMillis(99));
        assertThat(upTo(100).percentile(100)).isEqualTo(Duration.ofMillis(100));
        assertThat(upTo(5).percentile(50)).isEqualTo(Duration.ofMillis(3));
        assertThat(upTo(5).percentile(99)).isEqualTo(Duration.ofMillis(5));
        assertThat(upTo(1).percentile(1)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void hasNoLatencyWithoutSamples() {
        assertThat(new Latencies(List.of()).percentile(99)).isZero();
    }

    @Test
    void refusesWhatIsNoPercentage() {
        assertThatIllegalArgumentException().isThrownBy(() -> upTo(5).percentile(0));
        assertThatIllegalArgumentException().isThrownBy(() -> upTo(5).percentile(101));
    }
}
