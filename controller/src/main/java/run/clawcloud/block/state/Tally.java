package run.clawcloud.block.state;

/** What a namespace counts as in the metrics. */
public enum Tally {
    ACTIVE,
    LOCKING,
    LOCKED,
    UNLOCKING,
    TERMINATING,
    UNKNOWN;

    static Tally of(int flags) {
        if (Flags.has(flags, Flags.TERMINATING)) {
            return TERMINATING;
        }
        return switch (Flags.status(flags)) {
            case UNKNOWN -> UNKNOWN;
            case LOCKED -> Flags.applied(flags) == Applied.LOCKED ? LOCKED : LOCKING;
            case ACTIVE, ABSENT -> Flags.touched(flags) ? UNLOCKING : ACTIVE;
        };
    }
}
