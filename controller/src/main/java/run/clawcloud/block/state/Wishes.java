package run.clawcloud.block.state;

/**
 * Knows what BlockRequests want. Called under the lock of {@link Namespaces}: it must be quick, take no lock that is
 * held while {@code Namespaces} is called, and not call back.
 */
public interface Wishes {

    /** There are no requests. */
    Wishes NONE = new Wishes() {
        @Override
        public Wish of(int... members) {
            return Wish.NOTHING;
        }

        @Override
        public boolean selects(int request) {
            return false;
        }

        @Override
        public int edition() {
            return 0;
        }
    };

    /**
     * What these together want of a namespace.
     *
     * @param members packed {@link Member}s, ascending: {@link #request} and {@link #leaving} take them apart
     */
    Wish of(int... members);

    /** Whether there is such a request, and it selects namespaces by their labels. */
    boolean selects(int request);

    /**
     * Of the selectors, see {@link run.clawcloud.block.feed.Matches#edition}. When it has changed, a list of all
     * namespaces follows, each held against the selectors that there are then.
     */
    int edition();

    /** The request's number. */
    static int request(int member) {
        return Member.unpack(member).request();
    }

    /** Whether the namespace has been given up by the request, and has yet to be released. */
    static boolean leaving(int member) {
        return Member.unpack(member).bond() == Member.Bond.LEAVING;
    }
}
