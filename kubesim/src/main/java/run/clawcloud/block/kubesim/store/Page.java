package run.clawcloud.block.kubesim.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects of one type in the order of their keys, as they stood at one moment.
 *
 * @param items those that matched
 * @param resourceVersion the moment; a watch from here misses nothing and repeats nothing
 * @param next null when the list is complete; else the key after which the next page begins
 * @param total how many objects of the type stand in the scope now, matching or not
 */
public record Page(
        List<StoredObject> items,
        long resourceVersion,
        @Nullable ObjectKey next,
        long total) {}
