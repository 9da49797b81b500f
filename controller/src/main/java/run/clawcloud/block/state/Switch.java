package run.clawcloud.block.state;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;

/** The status label of a namespace: what is wanted. */
public enum Switch {
    ABSENT,
    ACTIVE,
    LOCKED,
    /** A value that means nothing. */
    UNKNOWN;

    private static final Switch[] ALL = values();

    static Switch of(@Nullable String label) {
        if (label == null) {
            return ABSENT;
        }
        return switch (label) {
            case Names.ACTIVE -> ACTIVE;
            case Names.LOCKED -> LOCKED;
            default -> UNKNOWN;
        };
    }

    static Switch at(int ordinal) {
        return ALL[ordinal];
    }
}
