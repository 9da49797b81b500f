package run.clawcloud.block.kubesim.api;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.ResourceType;

/** The types that are served, and the rules of those that are not built in. It changes while the server runs. */
public final class ResourceTypes {

    private final List<ResourceType> types;
    private final Map<ResourceType, ObjectRules> rules = new ConcurrentHashMap<>();
    private final Map<ResourceType, CustomType> custom = new ConcurrentHashMap<>();
    private final List<Consumer<ResourceType>> listeners = new CopyOnWriteArrayList<>();

    /** A registry that begins with these. */
    public ResourceTypes(Collection<ResourceType> types) {
        this.types = new CopyOnWriteArrayList<>(types);
    }

    /** Serves one more built-in type, by rules of its own. */
    public void add(ResourceType type, ObjectRules itsRules) {
        rules.put(type, itsRules);
        serve(type);
    }

    /** Serves a custom type, or serves it in another way than before. */
    public void serve(CustomType served) {
        know(served);
        serve(served.type());
    }

    /** Knows the rules of a custom type, served or not. */
    public void know(CustomType known) {
        custom.put(known.type(), known);
        rules.put(known.type(), known.rules());
    }

    private void serve(ResourceType type) {
        int index = types.indexOf(type);
        if (index >= 0) {
            types.set(index, type);
        } else {
            types.add(type);
        }
        listeners.forEach(listener -> listener.accept(stored(type)));
    }

    /** Serves a custom type no longer. */
    public void remove(ResourceType type) {
        types.remove(type);
        custom.remove(type);
        rules.remove(type);
    }

    /** Calls the listener with the stored form of each type that is served later than now, perhaps more than once. */
    public void onServed(Consumer<ResourceType> listener) {
        listeners.add(listener);
    }

    /** All of them, in the order of discovery. */
    public List<ResourceType> all() {
        return List.copyOf(types);
    }

    /** Those under which objects rest in the store: of each custom type one version. */
    public List<ResourceType> stored() {
        return types.stream().map(this::stored).distinct().toList();
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

    /** What a CustomResourceDefinition says of the type, null for a built-in type. */
    public @Nullable CustomType custom(ResourceType type) {
        return custom.get(type);
    }

    /** Its rules, null if {@link Defaults} and {@link Validation} have them. */
    public @Nullable ObjectRules rules(ResourceType type) {
        return rules.get(type);
    }

    /** The type under which the objects of a type rest. */
    public ResourceType stored(ResourceType type) {
        CustomType served = custom.get(type);
        return served == null ? EventDress.stored(type) : served.stored();
    }
}
