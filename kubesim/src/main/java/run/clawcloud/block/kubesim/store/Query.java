package run.clawcloud.block.kubesim.store;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What to list.
 *
 * @param namespace null for all
 * @param filter which objects
 * @param limit at most how many; 0 for all
 * @param after begin behind this key; null for the beginning
 * @param at list what stood at this resourceVersion; 0 for now
 */
public record Query(
        @Nullable String namespace,
        Predicate<StoredObject> filter,
        int limit,
        @Nullable ObjectKey after,
        long at) {

    /** Everything of that namespace (null for all) that passes the filter, now. */
    public static Query of(@Nullable String namespace, Predicate<StoredObject> filter) {
        return new Query(namespace, filter, 0, null, 0);
    }
}
