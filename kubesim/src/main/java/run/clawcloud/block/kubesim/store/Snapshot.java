package run.clawcloud.block.kubesim.store;

import java.util.Map;

/** What stood in a {@link Store} at one moment, as a backup of etcd. Made by {@link Store#snapshot}. */
public final class Snapshot {

    private final long resourceVersion;
    private final Map<ResourceType, TypeStore.Content> contents;

    Snapshot(long resourceVersion, Map<ResourceType, TypeStore.Content> contents) {
        this.resourceVersion = resourceVersion;
        this.contents = contents;
    }

    /** The newest write that is in it. */
    public long resourceVersion() {
        return resourceVersion;
    }

    /** The objects of types of which nothing was stored are not in it. */
    Map<ResourceType, TypeStore.Content> contents() {
        return contents;
    }
}
