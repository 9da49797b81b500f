package run.clawcloud.block.state;

/** How far a BlockRequest has come with one namespace, in the order in which people want to hear of them. */
public enum TargetPhase {
    /** It could not be done. */
    FAILED,
    /** Its label has yet to be written. */
    PENDING,
    LOCKING,
    UNLOCKING,
    LOCKED,
    ACTIVE;

    /** Whether something is still to be done. */
    public boolean underWay() {
        return this == PENDING || this == LOCKING || this == UNLOCKING;
    }
}
