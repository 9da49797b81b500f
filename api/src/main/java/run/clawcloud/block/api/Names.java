package run.clawcloud.block.api;

import java.util.List;

/** Labels, annotations and object names of the block-controller, as they stand in a cluster. */
public final class Names {

    /** Namespace label, the switch: {@link #LOCKED} or {@link #ACTIVE}. */
    public static final String STATUS_LABEL = "clawcloud.run/status";

    public static final String LOCKED = "locked";
    public static final String ACTIVE = "active";

    /** Namespace label, what was done to it: {@link #APPLIED_LOCKING}, then {@link #APPLIED_LOCKED}. */
    public static final String APPLIED_LABEL = "core.clawcloud.run/applied";

    public static final String APPLIED_LOCKING = "locking";
    public static final String APPLIED_LOCKED = "locked";

    /** Namespace annotation, when the lock runs out: RFC 3339, UTC. */
    public static final String UNLOCK_TIMESTAMP = "clawcloud.run/unlock-timestamp";

    /**
     * Namespace annotation, lock length for this namespace: {@code 90m}, {@code 24h}, {@code 7d}, {@code permanent}.
     */
    public static final String LOCK_DURATION = "core.clawcloud.run/lock-duration";

    /** Namespace annotation, why it is locked; free text. */
    public static final String LOCK_REASON = "core.clawcloud.run/lock-reason";

    /** Namespace annotation, who asked for the lock: {@code <namespace>/<name>} of BlockRequests, comma-separated. */
    public static final String HELD_BY = "core.clawcloud.run/held-by";

    /** Namespace annotation, when the lock was begun: RFC 3339. */
    public static final String LOCKED_AT = "core.clawcloud.run/locked-at";

    /**
     * Namespace annotation, what stood in {@link #LOCK_REASON} before a BlockRequest set it; empty when nothing did.
     */
    public static final String ORIGINAL_LOCK_REASON = "core.clawcloud.run/original-lock-reason";

    /**
     * Namespace annotation, what stood in {@link #LOCK_DURATION} before a BlockRequest set it; empty when nothing did.
     */
    public static final String ORIGINAL_LOCK_DURATION = "core.clawcloud.run/original-lock-duration";

    /** Workload annotation, replicas before the lock: a whole number. */
    public static final String ORIGINAL_REPLICAS = "core.clawcloud.run/original-replicas";

    /** Workload annotation, suspend before the lock: {@code true} or {@code false}. */
    public static final String ORIGINAL_SUSPEND = "core.clawcloud.run/original-suspend";

    /** API group of BlockRequests. */
    public static final String GROUP = "core.clawcloud.run";

    /** API version of BlockRequests. */
    public static final String VERSION = "v1";

    /** Finalizer on BlockRequests: a deleted one stays until all that it held is released. */
    public static final String FINALIZER = "core.clawcloud.run/finalizer";

    /** The ResourceQuota that closes a locked namespace. */
    public static final String QUOTA = "block-controller-quota";

    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
    public static final String MANAGED_BY = "block-controller";

    /** Namespaces that are never touched, whatever else is protected. */
    public static final List<String> ALWAYS_PROTECTED = List.of("kube-system", "kube-public", "kube-node-lease");

    private Names() {}
}
