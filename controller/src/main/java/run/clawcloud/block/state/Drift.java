package run.clawcloud.block.state;

import run.clawcloud.block.state.ChangeListener.Cause;

/** Locked namespaces whose quota is missing or altered. Guarded by {@link Namespaces}. */
final class Drift {

    private final NamespaceIndex index;
    private final Targets targets;
    private final ChangeListener listener;

    Drift(NamespaceIndex index, Targets targets, ChangeListener listener) {
        this.index = index;
        this.targets = targets;
        this.listener = listener;
    }

    /** The slow scan begins: no quota has been seen yet. */
    void scanBegins() {
        index.forEach(id -> targets.setFlags(id, index.flags(id) & ~Flags.QUOTA_SEEN));
    }

    /** The slow scan has met the quota, and it is as it should be. */
    void quotaSeen(int id) {
        targets.setFlags(id, index.flags(id) | Flags.QUOTA_SEEN);
    }

    /** The slow scan is through: a locked namespace whose quota was not seen has none. */
    void scanEnds() {
        index.forEach(id -> {
            if (!Flags.has(index.flags(id), Flags.QUOTA_SEEN)) {
                found(id, Cause.DRIFT);
            }
        });
    }

    /** The quota is missing or altered. */
    void found(int id, Cause cause) {
        int flags = index.flags(id);
        boolean underWay = cause == Cause.LIVE && Flags.applied(flags) == Applied.LOCKING;
        boolean settled = Flags.applied(flags) == Applied.LOCKED && Flags.need(flags) == Need.NOTHING;
        if (Flags.status(flags) == Switch.LOCKED && (underWay || settled)) {
            targets.setFlags(id, flags | Flags.DRIFTED);
            if (Flags.need(flags | Flags.DRIFTED) != Need.NOTHING) {
                listener.needed(index.name(id), cause);
            }
        }
    }
}
