package run.clawcloud.block.kubesim.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/**
 * An amount of a resource, such as {@code 100m} or {@code 64Mi}: k8s.io/apimachinery's {@code resource.Quantity}.
 *
 * @param amount in cores, bytes or pieces
 * @param binary whether it is shown with {@code Ki} and its like rather than with {@code k} and its like
 */
public record Quantity(BigDecimal amount, boolean binary) implements Comparable<Quantity> {

    /** Nothing. */
    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, false);

    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P", "E"};
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final BigInteger KILO = BigInteger.valueOf(1000);
    private static final BigDecimal MILLI = new BigDecimal("0.001");

    private static final Map<String, BigDecimal> SMALL =
            Map.of("n", new BigDecimal("1e-9"), "u", new BigDecimal("1e-6"), "m", MILLI);

    /** That many pieces. */
    public static Quantity of(long pieces) {
        return new Quantity(BigDecimal.valueOf(pieces), false);
    }

    /**
     * Reads the text form.
     *
     * @throws NumberFormatException when it can't be read
     */
    public static Quantity parse(String text) {
        for (int i = 1; i < BINARY.length; i++) {
            if (text.endsWith(BINARY[i])) {
                return new Quantity(number(text, BINARY[i]).multiply(new BigDecimal(KIBI.pow(i))), true);
            }
        }
        for (int i = 1; i < DECIMAL.length; i++) {
            if (text.endsWith(DECIMAL[i])) {
                return new Quantity(number(text, DECIMAL[i]).multiply(new BigDecimal(KILO.pow(i))), false);
            }
        }
        for (Map.Entry<String, BigDecimal> unit : SMALL.entrySet()) {
            if (text.endsWith(unit.getKey())) {
                return new Quantity(number(text, unit.getKey()).multiply(unit.getValue()), false);
            }
        }
        return new Quantity(new BigDecimal(text), false);
    }

    private static BigDecimal number(String text, String unit) {
        return new BigDecimal(text.substring(0, text.length() - unit.length()));
    }

    /** The sum, shown as this one is unless this is nothing. */
    public Quantity plus(Quantity other) {
        return new Quantity(amount.add(other.amount), amount.signum() == 0 ? other.binary : binary);
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    /** The canonical form: the largest unit that needs no fraction. */
    @Override
    public String toString() {
        if (amount.signum() == 0) {
            return "0";
        }
        BigDecimal whole = amount.stripTrailingZeros();
        if (whole.scale() > 0) {
            return amount.divide(MILLI).toBigInteger() + "m";
        }
        BigInteger base = binary ? KIBI : KILO;
        BigInteger value = whole.toBigIntegerExact();
        int unit = 0;
        while (unit < BINARY.length - 1 && value.mod(base).signum() == 0) {
            value = value.divide(base);
            unit++;
        }
        return value + (binary ? BINARY[unit] : DECIMAL[unit]);
    }
}
