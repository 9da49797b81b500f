package run.clawcloud.block;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import run.clawcloud.block.state.LockLength;

/** What the values of flags may be. A refusal names the value and what is allowed; picocli puts the flag before it. */
final class FlagTypes {

    /** Stands for no address: picocli has no null from a converter. */
    static final InetSocketAddress NO_ADDRESS = InetSocketAddress.createUnresolved("none", 0);

    private FlagTypes() {}

    private static TypeConversionException refusal(String value, String allowed) {
        return new TypeConversionException("'" + value + "' is not " + allowed);
    }

    static final class Length implements ITypeConverter<LockLength> {
        @Override
        public LockLength convert(String value) {
            LockLength length = LockLength.parse(value);
            if (length instanceof LockLength.Unreadable) {
                throw refusal(value, LockLength.SYNTAX);
            }
            return length;
        }
    }

    static class Time implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("([0-9]{1,9})([smhd])");

        @Override
        public Duration convert(String value) {
            Matcher matcher = TIME.matcher(value);
            if (!matcher.matches()) {
                throw refusal(value, "a whole number of seconds, minutes, hours or days, such as 30s, 90m, 1h or 7d");
            }
            long count = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
    }

    static final class ScanInterval extends Time {
        @Override
        public Duration convert(String value) {
            Duration interval = super.convert(value);
            if (interval.compareTo(Duration.ofMinutes(1)) < 0) {
                throw refusal(value, "at least 1m");
            }
            return interval;
        }
    }

    static final class PositiveTime extends Time {
        @Override
        public Duration convert(String value) {
            Duration time = super.convert(value);
            if (time.isZero()) {
                throw refusal(value, "at least 1s");
            }
            return time;
        }
    }

    abstract static class WholeNumber implements ITypeConverter<Integer> {
        private final int least;
        private final int most;

        WholeNumber(int least, int most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public Integer convert(String value) {
            try {
                int number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw refusal(value, allowed());
            }
            throw refusal(value, allowed());
        }

        private String allowed() {
            return "a whole number from " + least + " to " + most;
        }
    }

    static final class PageSize extends WholeNumber {
        PageSize() {
            super(1, 10_000);
        }
    }

    static final class Reconciles extends WholeNumber {
        Reconciles() {
            super(1, 1_000);
        }
    }

    static final class Deletions extends WholeNumber {
        Deletions() {
            super(1, 100_000);
        }
    }

    static final class Megabytes extends WholeNumber {
        Megabytes() {
            super(128, 1 << 20);
        }
    }

    static final class YesOrNo implements ITypeConverter<Boolean> {
        @Override
        public Boolean convert(String value) {
            return switch (value) {
                case "true" -> true;
                case "false" -> false;
                default -> throw refusal(value, "true or false");
            };
        }
    }

    /** One of them, refused unless it can be one (RFC 1123): a name that is mistyped protects nothing. */
    static final class NamespaceName implements ITypeConverter<String> {
        private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

        @Override
        public String convert(String value) {
            if (!NAME.matcher(value).matches()) {
                throw refusal(value, "a namespace's name; names are separated by commas, without spaces");
            }
            return value;
        }
    }

    /** The name of an object that is a DNS subdomain (RFC 1123). */
    static final class ObjectName implements ITypeConverter<String> {
        private static final int LONGEST = 253;
        private static final Pattern NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

        @Override
        public String convert(String value) {
            if (value.length() > LONGEST || !NAME.matcher(value).matches()) {
                throw refusal(value, "an object's name: lower case letters, digits, '-' and '.'");
            }
            return value;
        }
    }

    static final class Address implements ITypeConverter<InetSocketAddress> {
        private static final Pattern ADDRESS = Pattern.compile("(?<host>[^:]*|\\[[0-9a-fA-F:.]+]):(?<port>[0-9]{1,5})");
        private static final String SYNTAX = "[HOST]:PORT, such as :8080 or 127.0.0.1:8080, or 0";

        @Override
        public InetSocketAddress convert(String value) {
            if (value.equals("0")) {
                return NO_ADDRESS;
            }
            Matcher matcher = ADDRESS.matcher(value);
            if (!matcher.matches() || Integer.parseInt(matcher.group("port")) > 65_535) {
                throw refusal(value, SYNTAX);
            }
            int port = Integer.parseInt(matcher.group("port"));
            String host = matcher.group("host");
            try {
                return host.isEmpty()
                        ? new InetSocketAddress(port)
                        : new InetSocketAddress(InetAddress.getByName(host), port);
            } catch (UnknownHostException e) {
                throw refusal(value, SYNTAX + ": no such host is known");
            }
        }
    }
}
