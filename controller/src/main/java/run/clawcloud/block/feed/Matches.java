package run.clawcloud.block.feed;

import java.util.Arrays;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which selectors of a set one object's labels were found to match. Immutable; two are equal when the same selectors of
 * the same edition were known and the same ones matched.
 */
public final class Matches {

    private static final int[] NO_NUMBERS = {};

    /** No selector was known. */
    public static final Matches NONE = new Matches(0, NO_NUMBERS, NO_NUMBERS);

    private final int edition;

    /** Ascending, as are the ones that matched. */
    private final int[] known;

    private final int[] matched;

    private Matches(int edition, int[] known, int[] matched) {
        this.edition = edition;
        this.known = known;
        this.matched = matched;
    }

    /** Of the numbers of the selectors that were known, those that matched. */
    public static Matches of(int edition, Set<Integer> known, Set<Integer> matched) {
        if (!known.containsAll(matched)) {
            throw new IllegalArgumentException("Matched " + matched + ", of which only " + known + " were known");
        }
        return new Matches(edition, sorted(known), sorted(matched));
    }

    /** As {@link #of}; takes both arrays, ascending, for its own. */
    static Matches taking(int edition, int[] known, int[] matched) {
        return new Matches(edition, known, matched);
    }

    /**
     * Of the selectors. A number belongs to whoever selects, and not to one selector: what was found with those of an
     * earlier edition says nothing of those that hold now.
     */
    public int edition() {
        return edition;
    }

    /** Whether the set of selectors that the labels were held against had this one. */
    public boolean known(int number) {
        return Arrays.binarySearch(known, number) >= 0;
    }

    /** Whether the selector was known and matched. */
    public boolean contains(int number) {
        return Arrays.binarySearch(matched, number) >= 0;
    }

    /** Whether none matched. */
    public boolean isEmpty() {
        return matched.length == 0;
    }

    /** Calls the consumer with the number of every selector that matched, in ascending order. */
    public void forEach(IntConsumer consumer) {
        for (int number : matched) {
            consumer.accept(number);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Matches matches
                && edition == matches.edition
                && Arrays.equals(known, matches.known)
                && Arrays.equals(matched, matches.matched);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * edition + Arrays.hashCode(known)) + Arrays.hashCode(matched);
    }

    @Override
    public String toString() {
        return Arrays.toString(matched) + " of " + Arrays.toString(known);
    }

    private static int[] sorted(Set<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sorted().toArray();
    }
}
