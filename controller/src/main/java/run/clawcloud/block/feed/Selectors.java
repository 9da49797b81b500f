package run.clawcloud.block.feed;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import run.clawcloud.block.feed.LabelSelector.Labels;

/** Compiled selectors, each under a number that its caller gives and never gives again. Immutable. */
public final class Selectors {

    /** No selector. */
    public static final Selectors NONE = of(0, Map.of());

    private final int edition;

    /** Ascending. */
    private final int[] numbers;

    /** In the order of the numbers. */
    private final LabelSelector[] selectors;

    private final String[] keys;
    private final Matches noMatch;

    private Selectors(int edition, int[] numbers, LabelSelector[] selectors) {
        this.edition = edition;
        this.numbers = numbers;
        this.selectors = selectors;
        Set<String> named = new TreeSet<>();
        for (LabelSelector each : selectors) {
            named.addAll(each.keys());
        }
        this.keys = named.toArray(String[]::new);
        this.noMatch = Matches.taking(edition, numbers, new int[0]);
    }

    /**
     * The selectors under their numbers.
     *
     * @param edition another one whenever one of them is new or reads differently: see {@link Matches#edition}
     */
    public static Selectors of(int edition, Map<Integer, LabelSelector> selectors) {
        TreeMap<Integer, LabelSelector> sorted = new TreeMap<>(selectors);
        return new Selectors(
                edition,
                sorted.keySet().stream().mapToInt(Integer::intValue).toArray(),
                sorted.values().toArray(LabelSelector[]::new));
    }

    public boolean isEmpty() {
        return numbers.length == 0;
    }

    int size() {
        return numbers.length;
    }

    /** The keys of the labels that some selector looks at, each once. Not to be changed. */
    String[] keys() {
        return keys;
    }

    /**
     * Holds labels against every selector. Allocates nothing.
     *
     * @param matched gets the numbers of those that match, ascending; as long as {@link #size} at least
     * @return how many match
     */
    int match(Labels labels, int[] matched) {
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (selectors[i].matches(labels)) {
                matched[count++] = numbers[i];
            }
        }
        return count;
    }

    /** What {@link #match} has found, to be kept. */
    Matches matches(int[] matched, int count) {
        return count == 0 ? noMatch : Matches.taking(edition, numbers, Arrays.copyOf(matched, count));
    }
}
