package run.clawcloud.block.bench.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Random;

/** Names of namespaces, all different, in an order that has nothing to do with their letters. */
final class SampleNames {
    private static final long SEED = 42;

    private SampleNames() {}

    /** Names of exactly {@code length} bytes, at least 12. */
    static byte[][] of(int count, int length) {
        byte[][] names = new byte[count][];
        for (int i = 0; i < count; i++) {
            String digits = Integer.toString(i);
            names[i] = ("ns-" + "x".repeat(length - 3 - digits.length()) + digits).getBytes(US_ASCII);
        }
        Random random = new Random(SEED);
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            byte[] swapped = names[i];
            names[i] = names[j];
            names[j] = swapped;
        }
        return names;
    }

    /** The same names, one behind the other. */
    static byte[] joined(byte[][] names) {
        int length = names[0].length;
        byte[] all = new byte[names.length * length];
        for (int i = 0; i < names.length; i++) {
            System.arraycopy(names[i], 0, all, i * length, length);
        }
        return all;
    }
}
