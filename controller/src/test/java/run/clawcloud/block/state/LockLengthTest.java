package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockLengthTest {

    @ParameterizedTest
    @CsvSource({
        "1m, PT1M",
        "90m, PT90M",
        "24h, PT24H",
        "168h, PT168H",
        "7d, PT168H",
        "36500d, PT876000H",
        "007d, PT168H"
    })
    void readsMinutesHoursAndDays(String text, Duration length) {
        assertThat(LockLength.parse(text)).isEqualTo(new LockLength.Of(length));
    }

    @Test
    void readsPermanent() {
        assertThat(LockLength.parse("permanent")).isEqualTo(new LockLength.Permanent());
    }

    @Test
    void anAbsentAnnotationAsksForTheDefault() {
        assertThat(LockLength.parse(null)).isEqualTo(new LockLength.Default());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "0m",
                "0h",
                "0d",
                "-1h",
                "+1h",
                "1.5h",
                "1 h",
                " 1h",
                "1h ",
                "1h\n",
                "1H",
                "1s",
                "1w",
                "h",
                "90",
                "1h30m",
                "Permanent",
                "PERMANENT",
                "permanent ",
                "never",
                "36501d",
                "999999999d",
                "9999999999m",
                "99999999999999999999d",
                "0x10h",
                "\u0661h",
                "P7D"
            })
    void saysSoWhenItCantBeRead(String text) {
        assertThat(LockLength.parse(text)).isEqualTo(new LockLength.Unreadable());
    }

    @Test
    void neverFailsAndNeverGoesPastItsBounds() {
        long seed = 20_260_101;
        Random random = new Random(seed);
        String alphabet = "0123456789mhd permant-+.";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            if (LockLength.parse(text.toString()) instanceof LockLength.Of(Duration length)) {
                assertThat(length).as("'%s', seed %d", text, seed).isPositive().isLessThanOrEqualTo(LockLength.MAX);
            }
        }
    }
}
