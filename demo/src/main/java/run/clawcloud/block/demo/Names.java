package run.clawcloud.block.demo;

import java.util.Set;

/** The labels, annotations and names that the demo sets, or looks for, as a user of the controller would. */
final class Names {
    /** Namespace label, the switch: {@link #LOCKED} or {@link #ACTIVE}. */
    static final String STATUS = "clawcloud.run/status";

    static final String LOCKED = "locked";
    static final String ACTIVE = "active";

    /** Namespace annotation: when the lock runs out, RFC 3339 in UTC. */
    static final String UNLOCK_TIMESTAMP = "clawcloud.run/unlock-timestamp";

    /** Namespace label: what the controller has done, {@code locking} or {@link #LOCKED}. */
    static final String APPLIED = "core.clawcloud.run/applied";

    /** Workload annotations: the value before the lock. */
    static final Set<String> NOTES =
            Set.of("core.clawcloud.run/original-replicas", "core.clawcloud.run/original-suspend");

    /** The quota that keeps pods from coming back. */
    static final String QUOTA = "block-controller-quota";

    /** What the quota limits to 0. */
    static final Set<String> QUOTA_LIMITS = Set.of(
            "pods",
            "services",
            "replicationcontrollers",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers",
            "requests.cpu",
            "requests.memory",
            "limits.cpu",
            "limits.memory");

    /** Namespaces that the controller never touches, and the one that kubectl uses when told nothing else. */
    static final Set<String> SYSTEM_NAMESPACES = Set.of("kube-system", "kube-public", "kube-node-lease", "default");

    private Names() {}
}
