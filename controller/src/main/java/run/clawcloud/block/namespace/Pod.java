package run.clawcloud.block.namespace;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The few fields of a pod that decide whether a lock deletes it.
 *
 * @param controller the owner that controls it; null when nobody does
 * @param mirror made by a kubelet from a file on its node; the API server can't stop it
 * @param finished it has succeeded or failed
 * @param terminating its deletion has begun
 */
public record Pod(
        String namespace,
        String name,
        String uid,
        @Nullable Controller controller,
        boolean mirror,
        boolean finished,
        boolean terminating) {

    /**
     * The owner that controls an object.
     *
     * @param group of its API, empty for the core group
     */
    public record Controller(String group, String kind) {}

    /** Those whose pods vanish by themselves, because a lock scales or suspends the owner. */
    private static final Map<String, String> GROUP_OF_SCALED =
            Map.of("ReplicaSet", "apps", "StatefulSet", "apps", "ReplicationController", "", "Job", "batch");

    /** Whether a lock has to delete it, because nothing else takes it down. */
    public boolean goesAtLock() {
        if (mirror || finished || terminating) {
            return false;
        }
        return controller == null || !controller.group().equals(GROUP_OF_SCALED.get(controller.kind()));
    }
}
