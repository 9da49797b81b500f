package run.clawcloud.block.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void goalsAreMetUpToTheirLimit() {
        assertThat(Goal.RSS_100K.isMetBy(112)).isTrue();
        assertThat(Goal.RSS_100K.isMetBy(112.1)).isFalse();
        assertThat(Goal.THROUGHPUT.isMetBy(0.85)).isTrue();
        assertThat(Goal.THROUGHPUT.isMetBy(0.84)).isFalse();
        assertThat(Goal.RSS_SLOPE.isMetBy(1)).isFalse();
        assertThat(Goal.RSS_SLOPE.isMetBy(-3)).isTrue();
    }

    @Test
    void whatWasNotMeasuredMeetsNoGoal() {
        for (Goal goal : Goal.values()) {
            assertThat(goal.isMetBy(Double.NaN)).as(goal.name()).isFalse();
        }
    }

    @Test
    void aTableSaysWhatIsMetAndWhatIsNot() {
        assertThat(Table.of(List.of(
                        new Figure("rss", "RSS", 98.44, "MB", Goal.RSS_100K),
                        new Figure("ratio", "ratio", 0.5, "", Goal.THROUGHPUT),
                        Figure.of("size", "its size", 12_345.6, "MB"))))
                .isEqualTo("""
                             figure         value   target   met
                        P1   RSS          98.4 MB   ≤ 112    yes
                        P7   ratio           0.50   ≥ 0.85   NO
                             its size   12,346 MB
                        """);
    }
}
