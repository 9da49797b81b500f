package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *            | 2026-03-01T10:00:30Z | 2026-03-01T10:01:00Z",
                "*/15 * * * *         | 2026-03-01T10:00:00Z | 2026-03-01T10:15:00Z",
                "5/20 * * * *         | 2026-03-01T10:26:00Z | 2026-03-01T10:45:00Z",
                "0 3 * * *            | 2026-03-01T10:00:00Z | 2026-03-02T03:00:00Z",
                "30 8-18/5 * * *      | 2026-03-01T09:00:00Z | 2026-03-01T13:30:00Z",
                "0 0 1 jan ?          | 2026-03-01T10:00:00Z | 2027-01-01T00:00:00Z",
                "0 0 * * SUN          | 2026-03-02T00:00:00Z | 2026-03-08T00:00:00Z",
                "0 0 * * mon-fri      | 2026-03-06T12:00:00Z | 2026-03-09T00:00:00Z",
                "0 0 13 * 5           | 2026-03-01T00:00:00Z | 2026-03-06T00:00:00Z",
                "0 0 1,15 * *         | 2026-03-02T00:00:00Z | 2026-03-15T00:00:00Z",
                "0 0 29 2 *           | 2026-03-01T00:00:00Z | 2028-02-29T00:00:00Z",
                "@hourly              | 2026-03-01T10:00:30Z | 2026-03-01T11:00:00Z",
                "@weekly              | 2026-03-02T00:00:00Z | 2026-03-08T00:00:00Z",
                "@every 1h30m         | 2026-03-01T10:00:30Z | 2026-03-01T11:30:30Z",
            })
    void nextTime(String schedule, Instant after, Instant expected) {
        assertThat(CronSchedule.parse(schedule, ZoneOffset.UTC).next(after)).contains(expected);
    }

    @Test
    void anImpossibleDateNeverComes() {
        assertThat(CronSchedule.parse("0 0 31 2 *", ZoneOffset.UTC).next(Instant.parse("2026-03-01T00:00:00Z")))
                .isEmpty();
    }

    @Test
    void itsClockStandsInItsZone() {
        assertThat(CronSchedule.parse("0 9 * * *", ZoneId.of("Asia/Shanghai"))
                        .next(Instant.parse("2026-03-01T10:00:00Z")))
                .contains(Instant.parse("2026-03-02T01:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 7",
                "a * * * *",
                "5-1 * * * *",
                "*/0 * * * *",
                "1-2-3 * * * *",
                "@every soon",
                "@reboot"
            })
    void refusesWhatIsNone(String schedule) {
        assertThatThrownBy(() -> CronSchedule.parse(schedule, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
