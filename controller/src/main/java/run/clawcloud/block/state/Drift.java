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

    /**
     * The quota is missing or altered. That is kept in mind whatever else the namespace calls for: what is known of it
     * may be older than that. Only a lock that is under way is spared by the scan, which may have passed before the
     * quota was made.
     */
    void found(int id, Cause cause) {
        int flags = index.flags(id);
        boolean underWay = Flags.applied(flags) == Applied.LOCKING && Flags.status(flags) == Switch.LOCKED;
        if (Flags.applied(flags) == Applied.LOCKED || (underWay && cause == Cause.LIVE)) {
            targets.setFlags(id, flags | Flags.DRIFTED);
            if (Flags.need(flags | Flags.DRIFTED) == Need.LOCK) {
                listener.needed(index.name(id), cause);
            }
        }
    }
}
