package run.clawcloud.block.namespace;

import java.time.Duration;
import java.util.Set;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.LockQuota;

/**
 * What the flows are told by the flags.
 *
 * @param lockLength of namespaces that ask for none: {@link LockLength.Of} or {@link LockLength.Permanent}
 * @param protectedNamespaces never locked, never deleted
 * @param gracePeriod between the end of a lock and what follows
 */
public record FlowSettings(
        LockLength lockLength,
        LockQuota quota,
        Set<String> protectedNamespaces,
        ExpirationAction expirationAction,
        Duration gracePeriod) {

    /** What follows when a lock has run out. */
    public enum ExpirationAction {
        DELETE,
        UNLOCK,
        NONE
    }

    public FlowSettings {
        protectedNamespaces = Set.copyOf(protectedNamespaces);
    }
}
