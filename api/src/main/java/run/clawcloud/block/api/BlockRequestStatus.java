package run.clawcloud.block.api;

import java.util.List;
import java.util.Optional;

/**
 * What has become of a BlockRequest, as its {@code status} says it. The schema of the CustomResourceDefinition
 * describes each field; the names are the same.
 *
 * @param observedGeneration of the spec that the rest speaks of; 0 when nothing was written yet
 * @param selectorContinueToken kept for compatibility, empty
 * @param namespaceStatuses at most {@link #MOST_NAMESPACE_STATUSES}
 */
public record BlockRequestStatus(
        long observedGeneration,
        List<Condition> conditions,
        long targetCount,
        long lockedCount,
        long failedCount,
        long processedNamespaceCount,
        String selectorContinueToken,
        List<NamespaceStatus> namespaceStatuses) {

    /** Nothing was written yet. */
    public static final BlockRequestStatus NONE = new BlockRequestStatus(0, List.of(), 0, 0, 0, 0, "", List.of());

    /** The schema allows no more: an object has to stay below etcd's limit of 1.5 MiB. */
    public static final int MOST_NAMESPACE_STATUSES = 1_000;

    /** Type of the one condition. */
    public static final String READY = "Ready";

    /** Reasons of {@link #READY}. */
    public static final String APPLIED = "Applied";

    public static final String PROGRESSING = "Progressing";
    public static final String PARTLY_FAILED = "PartlyFailed";

    /** It lies in a namespace whose requests do not count. */
    public static final String NOT_ALLOWED = "NotAllowed";

    public BlockRequestStatus {
        conditions = List.copyOf(conditions);
        namespaceStatuses = List.copyOf(namespaceStatuses);
    }

    /**
     * One condition.
     *
     * @param status {@code True} or {@code False}
     * @param lastTransitionTime of the status, RFC 3339
     * @see <a
     *     href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties">
     *     API conventions</a>
     */
    public record Condition(
            String type,
            String status,
            long observedGeneration,
            String lastTransitionTime,
            String reason,
            String message) {}

    /**
     * One target.
     *
     * @param phase {@code Failed}, {@code Pending}, {@code Locking}, {@code Locked}, {@code Unlocking}, {@code Active}
     * @param message why it failed; empty otherwise
     */
    public record NamespaceStatus(String namespace, String phase, String message) {}

    /** The condition {@link #READY}. */
    public Optional<Condition> ready() {
        return conditions.stream().filter(each -> each.type().equals(READY)).findFirst();
    }

    /** The same with the counts alone. */
    public BlockRequestStatus withoutNamespaceStatuses() {
        return new BlockRequestStatus(
                observedGeneration,
                conditions,
                targetCount,
                lockedCount,
                failedCount,
                processedNamespaceCount,
                selectorContinueToken,
                List.of());
    }
}
