package run.clawcloud.block.state;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;

/** The status label of a namespace: what is wanted. */
public enum Switch {
    ABSENT(0),
    ACTIVE(1),
    LOCKED(2),
    /** A value that means nothing. */
    UNKNOWN(3);

    private static final Switch[] ALL = values();

    private final int code;

    Switch(int code) {
        this.code = code;
    }

    /** Two bits. */
    int code() {
        return code;
    }

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

    static Switch at(int code) {
        return ALL[code];
    }
}
