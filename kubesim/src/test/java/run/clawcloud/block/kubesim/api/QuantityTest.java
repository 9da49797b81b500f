package run.clawcloud.block.kubesim.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "5, 5",
        "100m, 100m",
        "1500m, 1500m",
        "2000m, 2",
        "0.5, 500m",
        "64Mi, 64Mi",
        "1024Mi, 1Gi",
        "1.5Gi, 1536Mi",
        "512Ki, 512Ki",
        "1k, 1k",
        "1000, 1k",
        "12e6, 12M",
        "100u, 100u",
        "1000u, 1m"
    })
    void isWrittenInTheGreatestUnitWithoutAFraction(String text, String canonical) {
        assertThat(Quantity.parse(text)).hasToString(canonical);
    }

    @Test
    void sumsAcrossUnits() {
        assertThat(Quantity.ZERO.plus(Quantity.parse("128Mi")).plus(Quantity.parse("64Mi")))
                .hasToString("192Mi");
        assertThat(Quantity.parse("1").plus(Quantity.parse("250m"))).hasToString("1250m");
        assertThat(Quantity.parse("1Gi").exceeds(Quantity.parse("1G"))).isTrue();
        assertThat(Quantity.parse("1000m").exceeds(Quantity.parse("1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "1x", "1 Gi", "--1"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
