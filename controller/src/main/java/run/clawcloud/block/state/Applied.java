package run.clawcloud.block.state;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;

/** The applied label of a namespace: what was done to it. */
public enum Applied {
    NOTHING(0),
    /** A lock was begun. A value that means nothing counts as this, so that nothing is forgotten. */
    LOCKING(1),
    LOCKED(2);

    private static final Applied[] ALL = values();

    private final int code;

    Applied(int code) {
        this.code = code;
    }

    /** Two bits. */
    int code() {
        return code;
    }

    static Applied of(@Nullable String label) {
        if (label == null) {
            return NOTHING;
        }
        return label.equals(Names.APPLIED_LOCKED) ? LOCKED : LOCKING;
    }

    static Applied at(int code) {
        return ALL[code];
    }
}
