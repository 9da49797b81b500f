package run.clawcloud.block.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * The hash function of {@link NamespaceIndex}. Its low bits choose the slot and its top eight are kept in the slot, so
 * both ends have to depend on every byte of the name. Tenants choose the names, so nobody may be able to tell which of
 * them collide.
 */
@FunctionalInterface
interface NameHash {

    /** Sixteen bytes at a time, with keys that are drawn anew in every process. */
    NameHash KEYED = KeyedNameHash::hash;

    int hash(byte[] source, int offset, int length);

    /**
     * Multiply and fold: two words, each with a secret key, make a product of 128 bits, whose halves are laid over each
     * other, so that every bit of both reaches both ends. The last two words of a name overlap those before them.
     */
    final class KeyedNameHash {

        private static final VarHandle WORD =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

        private static final int TWO_WORDS = 2 * Long.BYTES;

        private static final long SEED;
        private static final long FIRST_KEY;
        private static final long SECOND_KEY;

        static {
            SecureRandom random = new SecureRandom();
            SEED = random.nextLong();
            FIRST_KEY = random.nextLong();
            SECOND_KEY = random.nextLong();
        }

        private KeyedNameHash() {}

        private static int hash(byte[] source, int offset, int length) {
            if (length < Long.BYTES) {
                return ofFewBytes(source, offset, length);
            }
            // Without a loop, which would cost more than what it does.
            long hash = SEED ^ length;
            if (length > TWO_WORDS) {
                hash = fold(hash, source, offset, offset + Long.BYTES);
                if (length > 2 * TWO_WORDS) {
                    hash = fold(hash, source, offset + TWO_WORDS, offset + TWO_WORDS + Long.BYTES);
                    if (length > 3 * TWO_WORDS) {
                        hash = fold(hash, source, offset + 2 * TWO_WORDS, offset + 2 * TWO_WORDS + Long.BYTES);
                    }
                }
            }
            int last = offset + length - Long.BYTES;
            return finish(fold(hash, source, Math.max(offset, last - Long.BYTES), last));
        }

        private static int ofFewBytes(byte[] source, int offset, int length) {
            long word = 0;
            for (int i = 0; i < length; i++) {
                word = (word << Byte.SIZE) | (source[offset + i] & 0xFF);
            }
            return finish(fold(SEED ^ length, word, word));
        }

        /**
         * Of names that differ in one word, in which they count up, the products would lie at even distances, and so
         * would their ends. Their squares do not.
         */
        private static int finish(long hash) {
            return (int) fold(hash, 0, hash);
        }

        /** @param first and second: where the two words are */
        private static long fold(long hash, byte[] source, int first, int second) {
            return fold(hash, (long) WORD.get(source, first), (long) WORD.get(source, second));
        }

        private static long fold(long hash, long first, long second) {
            long one = hash ^ first ^ FIRST_KEY;
            long other = second ^ SECOND_KEY;
            return Math.multiplyHigh(one, other) ^ (one * other);
        }
    }
}
