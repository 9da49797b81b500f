package run.clawcloud.block.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SlopeTest {
    private static double[] point(double x, double y) {
        return new double[] {x, y};
    }

    @Test
    void isThatOfTheLineOnWhichAllPointsLie() {
        assertThat(Slope.of(List.of(point(1, 5), point(2, 7), point(4, 11)))).isCloseTo(2, within(1e-9));
    }

    @Test
    void takesTheLineThatFitsBest() {
        assertThat(Slope.of(List.of(point(0, 0), point(1, 2), point(2, 1), point(3, 3))))
                .isCloseTo(0.8, within(1e-9));
    }

    @Test
    void isNothingWhereNothingMoves() {
        assertThat(Slope.of(List.of(point(0, 3), point(10, 3)))).isZero();
    }

    @Test
    void needsTwoPlaces() {
        assertThatIllegalArgumentException().isThrownBy(() -> Slope.of(List.of(point(1, 1), point(1, 2))));
    }
}
