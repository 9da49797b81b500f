package run.clawcloud.block.kubesim.seed;

import java.time.Instant;
import java.util.AbstractList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.RandomAccess;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import run.clawcloud.block.kubesim.seed.Tenants.State;
import run.clawcloud.block.kubesim.store.Body;
import run.clawcloud.block.kubesim.store.Labels;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Seed;
import run.clawcloud.block.kubesim.store.StoredObject;

/** Tenants {@code tenant-000001} and on. */
public final class TenantSeed implements Seed {

    private static final String PREFIX = "tenant-";

    private final Tenants tenants;
    private final long seed;
    private final Map<State, Blueprint> blueprints = new EnumMap<>(State.class);
    private final List<String> names = new Names();

    /** Of the number in a name: the same for all, so that they are in order. */
    private final int width;

    /**
     * Tenants that are always the same for the same arguments.
     *
     * @param seed another one gives other uids
     * @param born the creationTimestamp of all that they have
     */
    public TenantSeed(Tenants tenants, long seed, Instant born) {
        this.tenants = tenants;
        this.seed = seed;
        this.width = Math.max(6, Integer.toString(tenants.count()).length());
        for (State state : State.values()) {
            blueprints.put(state, Blueprint.draw(state, tenants.workloads(), born));
        }
    }

    /** The namespaces themselves, which go into the store as they are. */
    public Stream<StoredObject> namespaceObjects() {
        return IntStream.range(0, tenants.count()).mapToObj(ordinal -> {
            Tenant tenant = new Tenant(name(ordinal), ordinal, seed);
            return object(blueprint(ordinal).namespace(), tenant);
        });
    }

    @Override
    public List<StoredObject> objects(ResourceType type, String namespace) {
        int ordinal = ordinal(namespace);
        if (ordinal < 0) {
            return List.of();
        }
        Tenant tenant = new Tenant(namespace, ordinal, seed);
        return blueprint(ordinal).contents(type).stream()
                .map(template -> object(template, tenant))
                .toList();
    }

    @Override
    public List<String> namespaces() {
        return names;
    }

    @Override
    public long count(ResourceType type) {
        long locked = tenants.locked();
        return locked * size(State.LOCKED, type) + (tenants.count() - locked) * size(State.PLAIN, type);
    }

    @Override
    public long lastResourceVersion() {
        return Tenant.FIRST_VERSION + (long) tenants.count() * Tenant.VERSIONS;
    }

    private int size(State state, ResourceType type) {
        Blueprint blueprint = blueprints.get(state);
        return blueprint == null ? 0 : blueprint.contents(type).size();
    }

    private Blueprint blueprint(int ordinal) {
        Blueprint blueprint = blueprints.get(tenants.state(ordinal));
        if (blueprint == null) {
            throw new IllegalStateException("every state has a blueprint");
        }
        return blueprint;
    }

    private static StoredObject object(Template template, Tenant tenant) {
        return new StoredObject(
                template.type(),
                template.type().namespaced() ? tenant.namespace() : "",
                template.name(tenant.namespace()),
                tenant.resourceVersion(template.slot()),
                new FilledTemplate(template, tenant));
    }

    private String name(int ordinal) {
        String digits = Integer.toString(ordinal + 1);
        return PREFIX + "0".repeat(width - digits.length()) + digits;
    }

    /** The tenant whose namespace it is, -1 if it is nobody's. */
    private int ordinal(String namespace) {
        if (!namespace.startsWith(PREFIX)) {
            return -1;
        }
        try {
            int ordinal = Integer.parseInt(namespace.substring(PREFIX.length()).toLowerCase(Locale.ROOT)) - 1;
            return ordinal >= 0 && ordinal < tenants.count() && name(ordinal).equals(namespace) ? ordinal : -1;
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    /** Made when it is asked for. */
    private record FilledTemplate(Template template, Tenant tenant) implements Body {

        @Override
        public byte[] json() {
            return template.json(tenant);
        }

        @Override
        public Labels labels() {
            return template.labels(tenant);
        }

        @Override
        public String uid() {
            return tenant.uid(template.slot());
        }
    }

    /** The names of the tenants' namespaces. */
    private final class Names extends AbstractList<String> implements RandomAccess {

        @Override
        public String get(int index) {
            return name(index);
        }

        @Override
        public int size() {
            return tenants.count();
        }
    }
}
