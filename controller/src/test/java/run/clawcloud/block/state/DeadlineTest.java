package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {

    @ParameterizedTest
    @CsvSource({
        "2030-01-31T12:00:00Z, 2030-01-31T12:00:00Z",
        "2030-01-31t12:00:00z, 2030-01-31T12:00:00Z",
        "2030-01-31T13:30:00+01:30, 2030-01-31T12:00:00Z",
        "2030-01-31T04:00:00-08:00, 2030-01-31T12:00:00Z",
        "2030-01-31T12:00:00-00:00, 2030-01-31T12:00:00Z",
        "2030-01-31T12:00:00.25Z, 2030-01-31T12:00:00.250Z",
        "2030-01-31T12:00:00.123456789Z, 2030-01-31T12:00:00.123456789Z",
        "2028-02-29T00:00:00Z, 2028-02-29T00:00:00Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z"
    })
    void readsRfc3339(String annotation, Instant moment) {
        assertThat(Deadline.parse(annotation)).isEqualTo(new Deadline.At(moment));
    }

    @Test
    void noAnnotationIsNoDeadline() {
        assertThat(Deadline.parse(null)).isEqualTo(new Deadline.None());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "soon",
                "permanent",
                "1893456000",
                "2030-01-31",
                "12:00:00Z",
                "2030-01-31T12:00:00",
                "2030-01-31 12:00:00Z",
                " 2030-01-31T12:00:00Z",
                "2030-01-31T12:00:00Z ",
                "2030-01-31T12:00:00Z\n",
                "2030-01-31T12:00:00+0100",
                "2030-01-31T12:00:00 Europe/Berlin",
                "2030-02-30T12:00:00Z",
                "2030-13-01T12:00:00Z",
                "2030-01-31T25:00:00Z",
                "2030-01-31T12:00:00+19:00",
                "30-01-31T12:00:00Z",
                "1969-12-31T23:59:59Z",
                "1970-01-01T00:00:00+00:01"
            })
    void saysSoWhenItCantBeRead(String annotation) {
        assertThat(Deadline.parse(annotation)).isEqualTo(new Deadline.Unreadable());
    }

    /** The zero time of Go stands for "not set": taken at its word, it would have run out long ago. */
    @Test
    void yearOneIsNoDeadline() {
        assertThat(Deadline.parse("0001-01-01T00:00:00Z")).isEqualTo(new Deadline.Unreadable());
    }

    /** RFC 3339 has years of four digits; beyond, milliseconds overflow. */
    @ParameterizedTest
    @ValueSource(strings = {"+10000-01-01T00:00:00Z", "+292278995-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z"})
    void yearsOfMoreThanFourDigitsCantBeRead(String annotation) {
        assertThat(Deadline.parse(annotation)).isEqualTo(new Deadline.Unreadable());
    }

    @Test
    void whateverComesItNeverFailsAndNamesAMomentThatCanBeCountedInMilliseconds() {
        long seed = 3339;
        Random random = new Random(seed);
        String alphabet = "0123456789-+:.TZtz ";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder("2030-01-31T12:00:00+01:00");
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, c);
                    case 1 -> text.insert(at, c);
                    default -> text.deleteCharAt(at);
                }
            }
            if (Deadline.parse(text.toString()) instanceof Deadline.At(Instant moment)) {
                assertThat(moment.toEpochMilli())
                        .as("'%s', seed %d", text, seed)
                        .isBetween(0L, Instant.parse("9999-12-31T23:59:59Z").toEpochMilli() + 86_400_000L);
            }
        }
    }
}
