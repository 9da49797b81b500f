package run.clawcloud.block.ops;

/** How much new work is taken. What was begun goes on, and the feed, so that no namespace is lost sight of. */
public enum Intake {
    /** As the flags say. */
    FULL(1),
    /** By a quarter of the workers. */
    SLOWED(0.25),
    STOPPED(0);

    private final double share;

    Intake(double share) {
        this.share = share;
    }

    /** The share of the workers that take new work: 0 to 1. */
    public double share() {
        return share;
    }

    /** Returns how many of so many workers may work; of any, one at least, unless the intake has stopped. */
    public int of(int workers) {
        return (int) Math.ceil(workers * share);
    }
}
