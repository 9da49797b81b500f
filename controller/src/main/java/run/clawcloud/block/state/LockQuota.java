package run.clawcloud.block.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import run.clawcloud.block.feed.QuotaView;

/**
 * The ResourceQuota that closes a namespace: nothing that runs, stores or listens can be created any more.
 *
 * @param hard resource name to {@code "0"}
 */
public record LockQuota(SequencedMap<String, String> hard) {

    private static final List<String> CLOSED = List.of(
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

    private static final String STORAGE = "requests.storage";

    /**
     * The quota that the flags ask for.
     *
     * @param blockStorage whether no storage can be requested either
     */
    public static LockQuota of(boolean blockStorage) {
        SequencedMap<String, String> hard = new LinkedHashMap<>();
        CLOSED.forEach(resource -> hard.put(resource, "0"));
        if (blockStorage) {
            hard.put(STORAGE, "0");
        }
        return new LockQuota(hard);
    }

    /** Whether the quota in the cluster closes its namespace as this one would, and is known as ours. */
    public boolean holds(QuotaView quota) {
        return Map.copyOf(hard).equals(quota.hard()) && !quota.scoped() && quota.labelled();
    }
}
