package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.state.Member.Bond;

/** Sets of members, each kept once and for as long as somebody uses it, and the members packed into numbers. */
class MemberSetsTest {

    private static final List<Bond> BONDS = List.of(Bond.values());

    /** What each request wants; others want nothing. */
    private final Map<Integer, Wish> wanted = new HashMap<>();

    private final MemberSets sets = new MemberSets(new Wishes() {
        @Override
        public Wish of(int... members) {
            return Arrays.stream(members)
                    .mapToObj(member -> wanted.getOrDefault(Wishes.request(member), Wish.NOTHING))
                    .filter(wish -> !wish.equals(Wish.NOTHING))
                    .findFirst()
                    .orElse(Wish.NOTHING);
        }

        @Override
        public boolean selects(int request) {
            return true;
        }

        @Override
        public int edition() {
            return 0;
        }
    });

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 77, Member.MAX})
    void aMemberIsUnpackedAsItWasPacked(int request) {
        int before = Integer.MIN_VALUE;
        for (Bond bond : Bond.values()) {
            int packed = Member.pack(request, bond);
            assertThat(Member.unpack(packed)).isEqualTo(new Member(request, bond));
            assertThat(packed).isGreaterThan(before).isGreaterThanOrEqualTo(Member.first(request));
            before = packed;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void membersAreASetInOrder(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            int[] members = {};
            TreeSet<Integer> model = new TreeSet<>();
            for (int step = 0; step < 20; step++) {
                int packed = Member.pack(random.nextInt(5), BONDS.get(random.nextInt(3)));
                if (random.nextBoolean()) {
                    int[] more = Member.with(members, packed);
                    assertThat(more.length == members.length).isEqualTo(!model.add(packed));
                    members = more;
                } else {
                    int[] less = Member.retain(members, each -> each.pack() != packed);
                    assertThat(less.length == members.length).isEqualTo(!model.remove(packed));
                    members = less;
                }
                assertThat(members)
                        .containsExactly(model.stream().mapToInt(each -> each).toArray());
            }
        }
    }

    /** Each set that is in use has one number, each number that is in use one set, and nothing else is kept. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aSetIsKeptOnceAndForAsLongAsItIsUsed(long seed) {
        Random random = new Random(seed);
        Map<List<Integer>, Integer> numbers = new HashMap<>();
        Map<List<Integer>, Integer> uses = new HashMap<>();
        List<List<Integer>> used = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (used.isEmpty() || random.nextInt(20) < 10) {
                List<Integer> members = random.ints(random.nextInt(4), 0, 18)
                        .map(each -> Member.pack(each / 3, BONDS.get(each % 3)))
                        .sorted()
                        .distinct()
                        .boxed()
                        .toList();
                int set = sets.acquire(members.stream().mapToInt(each -> each).toArray());
                assertThat(set).isEqualTo(numbers.computeIfAbsent(members, _ -> set));
                assertThat(sets.members(set))
                        .containsExactly(members.stream().mapToInt(each -> each).toArray());
                uses.merge(members, 1, Integer::sum);
                used.add(members);
            } else {
                List<Integer> members = used.remove(random.nextInt(used.size()));
                sets.release(Objects.requireNonNull(numbers.get(members)));
                if (uses.merge(members, -1, Integer::sum) == 0) {
                    uses.remove(members);
                    numbers.remove(members);
                }
            }
            numbers.putIfAbsent(List.of(), MemberSets.EMPTY);
            assertThat(sets.size()).isEqualTo(numbers.size());
        }
        used.forEach(members -> sets.release(Objects.requireNonNull(numbers.get(members))));

        assertThat(sets.size()).isEqualTo(1);
    }

    @Test
    void findsTheSetsOfARequestWhateverTiesThemToIt() {
        int named = sets.acquire(Member.pack(1, Bond.NAMED));
        int leaving = sets.acquire(Member.pack(1, Bond.LEAVING), Member.pack(2, Bond.NAMED));
        int other = sets.acquire(Member.pack(0, Bond.LEAVING), Member.pack(2, Bond.NAMED));

        boolean[] having = sets.having(1);

        assertThat(having[named]).isTrue();
        assertThat(having[leaving]).isTrue();
        assertThat(having[other]).isFalse();
        assertThat(having[MemberSets.EMPTY]).isFalse();
    }

    @Test
    void wishesAreWorkedOutAnewForTheSetsOfARequest() {
        int one = sets.acquire(Member.pack(1, Bond.NAMED));
        int both = sets.acquire(Member.pack(0, Bond.NAMED), Member.pack(1, Bond.NAMED));
        wanted.put(0, Wish.locked("o/0", null, null));
        wanted.put(1, Wish.ACTIVE);

        boolean[] changed = sets.wishAnew(1);

        assertThat(sets.wish(one)).isEqualTo(Wish.ACTIVE);
        assertThat(sets.wish(both)).isEqualTo(Wish.locked("o/0", null, null));
        assertThat(changed[one]).isTrue();
        assertThat(changed[both]).isTrue();
        assertThat(sets.wishAnew(1)).containsOnly(false);
    }

    /** A request that has acted calls for nothing more; one that let go has to be heard. */
    @Test
    void fromOpenToNothingIsNoChangeButFromLockedItIs() {
        int set = sets.acquire(Member.pack(1, Bond.NAMED));
        wanted.put(1, Wish.ACTIVE);
        sets.wishAnew(1);
        wanted.remove(1);
        assertThat(sets.wishAnew(1)[set]).isFalse();

        wanted.put(1, Wish.locked("o/1", null, null));
        assertThat(sets.wishAnew(1)[set]).isTrue();
        wanted.remove(1);
        assertThat(sets.wishAnew(1)[set]).isTrue();
    }
}
