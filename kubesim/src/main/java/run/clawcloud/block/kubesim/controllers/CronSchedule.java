package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * When a CronJob is due: the five fields of crontab(5), its macros, names of months and weekdays, and {@code @every},
 * as <a href="https://pkg.go.dev/github.com/robfig/cron/v3">the library of the CronJob controller</a> reads them. If
 * day of month and day of week are both restricted, either suffices.
 */
sealed interface CronSchedule {

    /** The first time after the given one; empty if there is none within five years ({@code 0 0 31 2 *}). */
    Optional<Instant> next(Instant after);

    /**
     * Reads a schedule.
     *
     * @param schedule {@code spec.schedule}
     * @param zone where its clock stands
     * @throws IllegalArgumentException when it is none; the message says which part
     */
    static CronSchedule parse(String schedule, ZoneId zone) {
        String text = schedule.strip();
        if (text.startsWith("@every ")) {
            return new Every(duration(text.substring("@every ".length()).strip()));
        }
        String expanded = switch (text) {
            case "@yearly", "@annually" -> "0 0 1 1 *";
            case "@monthly" -> "0 0 1 * *";
            case "@weekly" -> "0 0 * * 0";
            case "@daily", "@midnight" -> "0 0 * * *";
            case "@hourly" -> "0 * * * *";
            default -> text;
        };
        String[] fields = expanded.split("\\s+", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException("expected exactly 5 fields, found " + fields.length + ": " + schedule);
        }
        return new Crontab(
                zone,
                Field.parse(fields[0], 0, 59, Map.of()),
                Field.parse(fields[1], 0, 23, Map.of()),
                Field.parse(fields[2], 1, 31, Map.of()),
                Field.parse(fields[3], 1, 12, Field.MONTHS),
                Field.parse(fields[4], 0, 6, Field.DAYS));
    }

    private static Duration duration(String text) {
        try {
            // Go's "1h30m" is ISO 8601 without its prefix.
            Duration every =
                    Duration.parse("PT" + text.toUpperCase(Locale.ROOT)).truncatedTo(ChronoUnit.SECONDS);
            return every.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : every;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not a duration: " + text, e);
        }
    }

    /** {@code @every 90m}. */
    record Every(Duration period) implements CronSchedule {
        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(after.truncatedTo(ChronoUnit.SECONDS).plus(period));
        }
    }

    /** Five fields. */
    record Crontab(ZoneId zone, Field minute, Field hour, Field dayOfMonth, Field month, Field dayOfWeek)
            implements CronSchedule {

        private static final int YEARS = 5;

        @Override
        public Optional<Instant> next(Instant after) {
            ZonedDateTime time =
                    after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
            int lastYear = time.getYear() + YEARS;
            while (time.getYear() <= lastYear) {
                if (!month.allows(time.getMonthValue())) {
                    time = time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).plusMonths(1);
                } else if (!dayAllowed(time)) {
                    time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
                } else if (!hour.allows(time.getHour())) {
                    time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
                } else if (!minute.allows(time.getMinute())) {
                    time = time.plusMinutes(1);
                } else {
                    return Optional.of(time.toInstant());
                }
            }
            return Optional.empty();
        }

        private boolean dayAllowed(ZonedDateTime time) {
            boolean ofMonth = dayOfMonth.allows(time.getDayOfMonth());
            // Sunday is 7 in ISO 8601, and 0 here.
            boolean ofWeek = dayOfWeek.allows(time.getDayOfWeek().getValue() % 7);
            return (dayOfMonth.any() || dayOfWeek.any()) ? ofMonth && ofWeek : ofMonth || ofWeek;
        }
    }

    /**
     * One field.
     *
     * @param values the values it allows
     * @param any whether it is {@code *} or {@code ?}, without a step
     */
    record Field(BitSet values, boolean any) {

        static final Map<String, Integer> MONTHS =
                names(1, List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"));
        static final Map<String, Integer> DAYS = names(0, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

        boolean allows(int value) {
            return values.get(value);
        }

        static Field parse(String text, int min, int max, Map<String, Integer> names) {
            BitSet values = new BitSet(max + 1);
            boolean any = false;
            for (String part : text.split(",", -1)) {
                String[] rangeAndStep = part.split("/", -1);
                String[] range = rangeAndStep[0].split("-", -1);
                if (rangeAndStep.length > 2 || range.length > 2) {
                    throw new IllegalArgumentException("too many parts in " + part);
                }
                boolean star = rangeAndStep[0].equals("*") || rangeAndStep[0].equals("?");
                int step = rangeAndStep.length == 2 ? number(rangeAndStep[1], Map.of()) : 1;
                int low = star ? min : number(range[0], names);
                int high = star || (range.length == 1 && rangeAndStep.length == 2)
                        ? max
                        : number(range[range.length - 1], names);
                if (low < min || high > max || low > high || step < 1) {
                    throw new IllegalArgumentException("not within " + min + " to " + max + ": " + part);
                }
                for (int value = low; value <= high; value += step) {
                    values.set(value);
                }
                any |= star && step == 1;
            }
            return new Field(values, any);
        }

        private static int number(String text, Map<String, Integer> names) {
            Integer named = names.get(text.toLowerCase(Locale.ROOT));
            if (named != null) {
                return named;
            }
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("not a number: " + text, e);
            }
        }

        private static Map<String, Integer> names(int first, List<String> names) {
            return names.stream()
                    .collect(Collectors.toUnmodifiableMap(name -> name, name -> first + names.indexOf(name)));
        }
    }
}
