package run.clawcloud.block.kubesim.api;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kubernetes quantity, as {@code resource.Quantity} of apimachinery.
 *
 * @param value the number itself
 * @param binary whether it is written with the suffixes {@code Ki}, {@code Mi}, … rather than {@code k}, {@code M}, …
 */
public record Quantity(BigDecimal value, boolean binary) {

    /** Nothing. */
    public static final Quantity ZERO = of(0);

    private static final Pattern SYNTAX = Pattern.compile(
            "([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(?:(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([+-]?\\d{1,3}))?");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
    private static final int SMALLEST_DECIMAL = 3;

    /** A whole number. */
    public static Quantity of(long number) {
        return new Quantity(BigDecimal.valueOf(number), false);
    }

    /**
     * Reads one, such as {@code 500m}, {@code 2Gi} or {@code 1e3}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Quantity parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a quantity: " + text);
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String suffix = matcher.group(2);
        String exponent = matcher.group(3);
        if (exponent != null) {
            return new Quantity(number.scaleByPowerOfTen(Integer.parseInt(exponent)), false);
        }
        if (suffix == null) {
            return new Quantity(number, false);
        }
        return suffix.endsWith("i")
                ? new Quantity(number.multiply(KIBI.pow(BINARY.indexOf(suffix))), true)
                : new Quantity(number.scaleByPowerOfTen(3 * (DECIMAL.indexOf(suffix) - SMALLEST_DECIMAL)), false);
    }

    /** The sum, written as the first of the two that is not zero. */
    public Quantity plus(Quantity other) {
        return new Quantity(value.add(other.value), value.signum() == 0 ? other.binary : binary);
    }

    /** The greater of the two. */
    public Quantity max(Quantity other) {
        return value.compareTo(other.value) >= 0 ? this : other;
    }

    /** Whether it is greater than the other. */
    public boolean exceeds(Quantity other) {
        return value.compareTo(other.value) > 0;
    }

    /** In the greatest unit that needs no fraction. */
    @Override
    public String toString() {
        if (value.signum() == 0) {
            return "0";
        }
        if (binary
                && value.abs().compareTo(KIBI) >= 0
                && value.stripTrailingZeros().scale() <= 0) {
            return inUnits(value, KIBI, BINARY, 0);
        }
        BigDecimal nano = value.scaleByPowerOfTen(9).setScale(0, RoundingMode.CEILING);
        return inUnits(nano, THOUSAND, DECIMAL, 0);
    }

    private static String inUnits(BigDecimal number, BigDecimal step, List<String> units, int smallest) {
        BigDecimal left = number;
        int unit = smallest;
        while (unit + 1 < units.size() && left.remainder(step).signum() == 0) {
            left = left.divide(step);
            unit++;
        }
        return left.toBigInteger() + units.get(unit);
    }
}
