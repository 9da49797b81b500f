package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceIndexTest {

    private final NamespaceIndex index = new NamespaceIndex();

    @Test
    void findsWhatWasInserted() {
        int id = index.insert("tenant-a");

        assertThat(index.find("tenant-a")).isEqualTo(id);
        assertThat(index.insert("tenant-a")).isEqualTo(id);
        assertThat(index.find("tenant-b")).isEqualTo(NamespaceIndex.ABSENT);
        assertThat(index.find("tenant-")).isEqualTo(NamespaceIndex.ABSENT);
        assertThat(index.name(id)).isEqualTo("tenant-a");
        assertThat(index.size()).isOne();
    }

    @Test
    void findsANameInTheMiddleOfABuffer() {
        int id = index.insert("tenant-a");
        byte[] buffer = "{\"name\":\"tenant-a\"}".getBytes(StandardCharsets.US_ASCII);

        assertThat(index.find(buffer, 9, 8)).isEqualTo(id);
        assertThat(index.find(buffer, 9, 7)).isEqualTo(NamespaceIndex.ABSENT);
        assertThat(index.nameEquals(id, buffer, 9, 8)).isTrue();
        assertThat(index.nameEquals(id, buffer, 8, 8)).isFalse();
    }

    @Test
    void aNewEntryHasEmptyColumnsEvenWithAnIdThatWasUsedBefore() {
        int id = index.insert("a");
        index.setResourceVersion(id, 7);
        index.setDeadline(id, 8);
        index.setFlags(id, 9);
        index.mark(id);
        index.remove(id);

        assertThat(index.insert("b")).isEqualTo(id);
        assertThat(index.resourceVersion(id)).isZero();
        assertThat(index.deadline(id)).isEqualTo(NamespaceIndex.NO_DEADLINE);
        assertThat(index.flags(id)).isZero();
        List<String> unmarked = new ArrayList<>();
        index.forEachUnmarked(each -> unmarked.add(index.name(each)));
        assertThat(unmarked).containsExactly("b");
    }

    @Test
    void refusesWhatIsNoName() {
        byte[] buffer = new byte[100];

        assertThatThrownBy(() -> index.insert(buffer, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> index.insert(buffer, 0, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThat(index.find(buffer, 0, 0)).isEqualTo(NamespaceIndex.ABSENT);
        assertThat(index.find(buffer, 0, 64)).isEqualTo(NamespaceIndex.ABSENT);
        assertThat(index.size()).isZero();
    }

    @Test
    void keepsEveryBitOfFlagsAndSet() {
        int id = index.insert("a");
        index.setFlags(id, -1);
        index.setSet(id, Integer.MAX_VALUE);

        assertThat(index.flags(id)).isEqualTo(-1);
        assertThat(index.set(id)).isEqualTo(Integer.MAX_VALUE);
        index.remove(id);
        assertThat(index.insert("b")).isEqualTo(id);
        assertThat(index.flags(id)).isZero();
        assertThat(index.set(id)).isZero();
    }

    @Test
    void theSetsOfOthersAreNotVisited() {
        for (int i = 0; i < 10_000; i++) {
            index.insert("n" + i);
        }
        int in = index.find("n7777");
        index.setSet(in, 3);
        List<Integer> visited = new ArrayList<>();
        index.forEachInASet(visited::add);

        assertThat(visited).containsExactly(in);
    }

    @Test
    void refusesAnIdThatIsGone() {
        int id = index.insert("a");
        index.remove(id);

        assertThatThrownBy(() -> index.remove(id)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> index.name(id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deadlinesAreFoundUpToAndIncludingTheLimit() {
        List<String> due = new ArrayList<>();
        for (long deadline : new long[] {Long.MIN_VALUE, -1, 0, 99, 100, 101}) {
            index.setDeadline(index.insert("at" + deadline), deadline);
        }
        index.insert("never");

        index.forEachDeadlineUpTo(100, id -> {
            due.add(index.name(id));
            index.remove(id);
        });

        assertThat(due).containsExactly("at" + Long.MIN_VALUE, "at-1", "at0", "at99", "at100");
        assertThat(index.size()).isEqualTo(2);
        assertThatThrownBy(() -> index.forEachDeadlineUpTo(NamespaceIndex.NO_DEADLINE, id -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sweepsWhatWasNotMarked() {
        for (int i = 0; i < 10_000; i++) {
            index.insert("namespace-" + i);
        }
        index.forEach(index::mark);
        index.clearMarks();
        for (int i = 0; i < 10_000; i += 3) {
            index.mark(index.find("namespace-" + i));
        }

        index.forEachUnmarked(index::remove);

        Set<String> left = new HashSet<>();
        index.forEach(id -> left.add(index.name(id)));
        assertThat(left)
                .hasSize(3_334)
                .contains("namespace-0", "namespace-9999")
                .doesNotContain("namespace-1");
    }

    @Test
    void takesAtMost64BytesANamespaceWithNamesOf24Bytes() {
        byte[] name = new byte[24];
        int count = 200_000;
        for (int i = 0; i < count; i++) {
            index.insert(numbered(name, i), 0, name.length);
            if (i >= 50_000) {
                assertThat(index.memoryBytes())
                        .as("24 and one for their number, two longs, two ints, a bit")
                        .isBetween(49L * index.size(), 64L * index.size());
            }
        }
        assertThat(index.size()).isEqualTo(count);
    }

    @Test
    void memoryStaysBoundedWhenNamesComeAndGo() {
        Random random = new Random(3);
        List<String> names = new ArrayList<>();
        long highest = 0;
        for (int i = 0; i < 400_000; i++) {
            if (names.size() >= 20_000) {
                String name = names.set(random.nextInt(names.size()), names.getLast());
                names.removeLast();
                index.remove(index.find(name));
            }
            names.add("churn-" + i);
            index.insert(names.getLast());
            highest = Math.max(highest, index.memoryBytes());
        }

        assertThat(highest).isLessThan(20_000 * 70);
        for (String name : names) {
            assertThat(index.name(index.find(name))).isEqualTo(name);
        }
        int notRuledOut = 0;
        for (int i = 400_000; i < 500_000; i++) {
            notRuledOut += mayContain(index, "churn-" + i) ? 1 : 0;
        }
        assertThat(notRuledOut).isLessThan(6_000);
    }

    /** The table grows, shrinks and is filled with collisions while another thread asks. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0xFF00000F, 0})
    void whatIsThereIsNeverRuledOutWhileOthersComeAndGo(int hashMask) throws InterruptedException {
        NamespaceIndex shared = withHashBits(hashMask);
        List<byte[]> staying = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            staying.add(("staying-" + i).getBytes(StandardCharsets.US_ASCII));
            shared.insert("staying-" + i);
        }
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger ruledOut = new AtomicInteger();
        Thread reader = new Thread(() -> {
            do {
                for (byte[] name : staying) {
                    ruledOut.addAndGet(shared.mayContain(shared.hash(name, 0, name.length)) ? 0 : 1);
                }
            } while (!over.get());
        });
        reader.start();
        int crowd = hashMask == 0 ? 200 : 2_000;
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < crowd; i++) {
                shared.insert("passing-" + i);
            }
            for (int i = 0; i < crowd; i++) {
                shared.remove(shared.find("passing-" + i));
            }
            shared.trim();
        }
        over.set(true);
        reader.join();

        assertThat(ruledOut).hasValue(0);
    }

    @Test
    void trimGivesBackWhatIsNotUsed() {
        long empty = index.memoryBytes();
        for (int i = 0; i < 100_000; i++) {
            index.insert("namespace-" + i);
        }
        long full = index.memoryBytes();
        index.forEach(id -> {
            if (id % 10_000 != 0 || id > 50_000) {
                index.remove(id);
            }
        });
        index.trim();

        assertThat(index.memoryBytes()).isLessThan(full * 6 / 10);
        assertThat(index.size()).isEqualTo(6);
        for (int i = 0; i <= 50_000; i += 10_000) {
            assertThat(index.find("namespace-" + i)).isEqualTo(i);
        }
        index.forEach(index::remove);
        index.trim();
        assertThat(index.memoryBytes()).isLessThan(empty + 100_000);
        assertThat(index.insert("first")).isZero();
    }

    /** The hashes from good to bad: with one bit of hash, half of all names share a slot. */
    @ParameterizedTest
    @CsvSource({
        "1, 0xFFFFFFFF, 60000, 8000",
        "2, 0xFFFFFFFF, 60000, 100",
        "3, 0xFF00000F, 6000, 300",
        "4, 0x0000000F, 6000, 300",
        "5, 0x00000000, 6000, 200"
    })
    void behavesAsAMapDoes(long seed, String hashMask, int steps, int bound) {
        int mask = Integer.parseUnsignedInt(hashMask.substring(2), 16);
        new MapModel(withHashBits(mask), new Random(seed), bound).run(steps, seed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 24, 32, 33, 48, 49, 63})
    void theHashDependsOnEveryBitOfANameAndOnItsLength(int length) {
        byte[] name = "abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                .substring(0, length)
                .getBytes(StandardCharsets.US_ASCII);
        Set<Integer> hashes = new HashSet<>(List.of(NameHash.KEYED.hash(name, 0, length)));
        for (int bit = 0; bit < length * Byte.SIZE; bit++) {
            byte[] other = name.clone();
            other[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            hashes.add(NameHash.KEYED.hash(other, 0, length));
        }
        hashes.add(NameHash.KEYED.hash(Arrays.copyOf(name, length + 1), 0, length + 1));

        // By chance two of 500 numbers of 32 bits are the same once in 30,000 times, and three never are.
        assertThat(hashes).hasSizeGreaterThanOrEqualTo(length * Byte.SIZE + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant-%07d", "ns-%d", "%08d-team", "user-abcdefgh-%05x-production-europe-west-1", "%d"})
    void theHashSpreadsNamesThatDifferInFewBytes(String pattern) {
        int count = 100_000;
        int[] homes = new int[1 << 17];
        int[] tags = new int[256];
        for (int i = 0; i < count; i++) {
            byte[] name = String.format(pattern, i).getBytes(StandardCharsets.US_ASCII);
            int hash = NameHash.KEYED.hash(name, 0, name.length);
            homes[hash & (homes.length - 1)]++;
            tags[hash >>> 24]++;
        }

        // Thrown at random, the fullest of 131,072 homes gets 7 to 9 of 100,000, and a tag 390 with a deviation of 20.
        assertThat(Arrays.stream(homes).max().orElseThrow()).isLessThan(14);
        assertThat(Arrays.stream(tags).boxed())
                .allSatisfy(share -> assertThat(share).isBetween(200, 600));
    }

    /** With a hash of which only these bits are left. */
    private static NamespaceIndex withHashBits(int mask) {
        return new NamespaceIndex((source, offset, length) -> NameHash.KEYED.hash(source, offset, length) & mask);
    }

    private static boolean mayContain(NamespaceIndex index, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return index.mayContain(index.hash(bytes, 0, bytes.length));
    }

    private static byte[] numbered(byte[] name, int number) {
        Arrays.fill(name, (byte) 'x');
        for (int i = name.length - 1, rest = number; rest > 0; i--, rest /= 10) {
            name[i] = (byte) ('0' + rest % 10);
        }
        return name;
    }

    /** The index and a plain map, side by side, through random operations. */
    private static final class MapModel {

        private record Entry(int id, long resourceVersion, long deadline, int flags) {}

        private final NamespaceIndex tested;
        private final Random random;
        private final int bound;
        private final Map<Name, Entry> model = new HashMap<>();
        private final Set<Name> marked = new HashSet<>();
        private final List<Name> universe = new ArrayList<>();

        MapModel(NamespaceIndex tested, Random random, int bound) {
            this.tested = tested;
            this.random = random;
            this.bound = bound;
        }

        void run(int steps, long seed) {
            Set<Name> names = new HashSet<>();
            while (names.size() < bound) {
                byte[] bytes = new byte[1 + random.nextInt(63)];
                random.nextBytes(bytes);
                names.add(new Name(bytes));
            }
            universe.addAll(names);
            for (int step = 0; step < steps; step++) {
                oneStep();
                if (step % 1_000 == 0) {
                    assertSame("seed " + seed + ", step " + step);
                }
            }
            assertSame("seed " + seed + ", at the end");
        }

        private void oneStep() {
            Name name = universe.get(random.nextInt(universe.size()));
            switch (random.nextInt(100)) {
                case 0 -> sweep();
                case 1 -> tested.trim();
                case 2 -> expire(random.nextInt(1_000));
                default -> {
                    if (random.nextInt(3) == 0) {
                        remove(name);
                    } else {
                        upsert(name);
                    }
                }
            }
        }

        private void upsert(Name name) {
            byte[] buffer = name.inABuffer(random.nextInt(9));
            int offset = buffer.length - name.bytes().length - 3;
            int found = tested.find(buffer, offset, name.bytes().length);
            Entry before = model.get(name);
            assertThat(found).isEqualTo(before == null ? NamespaceIndex.ABSENT : before.id());
            int id = tested.insert(buffer, offset, name.bytes().length);
            if (before != null) {
                assertThat(id).isEqualTo(before.id());
            }
            Entry after = new Entry(
                    id,
                    random.nextLong(),
                    random.nextBoolean() ? NamespaceIndex.NO_DEADLINE : random.nextInt(100_000),
                    random.nextInt());
            tested.setResourceVersion(id, after.resourceVersion());
            tested.setDeadline(id, after.deadline());
            tested.setFlags(id, after.flags());
            model.put(name, after);
            if (random.nextBoolean()) {
                tested.mark(id);
                marked.add(name);
            }
        }

        private void remove(Name name) {
            Entry entry = model.remove(name);
            marked.remove(name);
            int id = tested.find(name.bytes(), 0, name.bytes().length);
            assertThat(id).isEqualTo(entry == null ? NamespaceIndex.ABSENT : entry.id());
            if (entry != null) {
                tested.remove(id);
            }
        }

        private void sweep() {
            model.keySet().retainAll(marked);
            tested.forEachUnmarked(tested::remove);
            marked.clear();
            tested.clearMarks();
        }

        private void expire(long limit) {
            Set<Integer> expected = new TreeSet<>();
            model.values().removeIf(entry -> entry.deadline() <= limit && expected.add(entry.id()));
            marked.retainAll(model.keySet());
            List<Integer> due = new ArrayList<>();
            tested.forEachDeadlineUpTo(limit, id -> {
                due.add(id);
                tested.remove(id);
            });
            assertThat(due).containsExactlyElementsOf(expected);
        }

        private void assertSame(String when) {
            assertThat(tested.size()).as(when).isEqualTo(model.size());
            Set<Integer> ids = new HashSet<>();
            tested.forEach(ids::add);
            assertThat(ids).as(when).hasSize(model.size());
            model.forEach((name, entry) -> {
                assertThat(tested.find(name.bytes(), 0, name.bytes().length))
                        .as(when)
                        .isEqualTo(entry.id());
                assertThat(tested.mayContain(tested.hash(name.bytes(), 0, name.bytes().length)))
                        .as(when)
                        .isTrue();
                assertThat(new Entry(
                                entry.id(),
                                tested.resourceVersion(entry.id()),
                                tested.deadline(entry.id()),
                                tested.flags(entry.id())))
                        .as(when)
                        .isEqualTo(entry);
            });
        }
    }

    /** Bytes with the equality of their contents. */
    private static final class Name {

        private final byte[] bytes;

        Name(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        byte[] inABuffer(int before) {
            byte[] buffer = new byte[before + bytes.length + 3];
            System.arraycopy(bytes, 0, buffer, before, bytes.length);
            return buffer;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Name name && Arrays.equals(bytes, name.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
