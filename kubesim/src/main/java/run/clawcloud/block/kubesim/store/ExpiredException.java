package run.clawcloud.block.kubesim.store;

/** The resourceVersion is older than what the log remembers: the API's 410. */
public final class ExpiredException extends Exception {

    private static final long serialVersionUID = 1;

    private final long asked;
    private final long oldest;

    /**
     * The 410 for a resourceVersion.
     *
     * @param asked the resourceVersion asked for
     * @param oldest the oldest that can be had
     */
    public ExpiredException(long asked, long oldest) {
        super("resourceVersion " + asked + " is older than " + oldest);
        this.asked = asked;
        this.oldest = oldest;
    }

    /** The resourceVersion asked for. */
    public long asked() {
        return asked;
    }

    /** The oldest that can be had. */
    public long oldest() {
        return oldest;
    }
}
