package run.clawcloud.block.kubesim.api;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.ResourceType;

/** The types that are served. It may grow while the server runs. */
public final class ResourceTypes {

    private final List<ResourceType> types;

    /** A registry that begins with these. */
    public ResourceTypes(Collection<ResourceType> types) {
        this.types = new CopyOnWriteArrayList<>(types);
    }

    /** Serves one more type. */
    public void add(ResourceType type) {
        types.add(type);
    }

    /** All of them, in the order of discovery. */
    public List<ResourceType> all() {
        return List.copyOf(types);
    }

    /** The type of that name, null if it is not served. */
    public @Nullable ResourceType find(String group, String version, String plural) {
        for (ResourceType type : types) {
            if (type.plural().equals(plural)
                    && type.group().equals(group)
                    && type.version().equals(version)) {
                return type;
            }
        }
        return null;
    }
}
