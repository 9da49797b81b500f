package run.clawcloud.block.state;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * What ties a namespace to a BlockRequest.
 *
 * @param request its number: each request that is seen gets one of its own, never used again; at most {@link #MAX}
 */
record Member(int request, Bond bond) {

    /** Why a namespace belongs to a request. */
    enum Bond {
        /** The request names it. */
        NAMED(0),
        /** The request's selector matches its labels. */
        SELECTED(1),
        /** It was named or selected once, and has yet to be released. */
        LEAVING(2);

        private final int code;

        Bond(int code) {
            this.code = code;
        }
    }

    static final int MAX = Integer.MAX_VALUE >> 2;

    private static final Bond[] BONDS = Bond.values();

    /** In one number; those of one request are neighbours. */
    int pack() {
        return request << 2 | bond.code;
    }

    static int pack(int request, Bond bond) {
        return new Member(request, bond).pack();
    }

    static Member unpack(int packed) {
        return new Member(packed >> 2, BONDS[packed & 3]);
    }

    /** The lowest number that a member of the request can have. */
    static int first(int request) {
        return request << 2;
    }

    /** The members with one more, ascending; the same array when it is there already. */
    static int[] with(int[] members, int packed) {
        int place = Arrays.binarySearch(members, packed);
        if (place >= 0) {
            return members;
        }
        int at = ~place;
        int[] more = new int[members.length + 1];
        System.arraycopy(members, 0, more, 0, at);
        more[at] = packed;
        System.arraycopy(members, at, more, at + 1, members.length - at);
        return more;
    }

    /** Those members that pass; the same array when all do. */
    static int[] retain(int[] members, Predicate<Member> passes) {
        int[] passed = Arrays.stream(members)
                .filter(packed -> passes.test(unpack(packed)))
                .toArray();
        return passed.length == members.length ? members : passed;
    }
}
