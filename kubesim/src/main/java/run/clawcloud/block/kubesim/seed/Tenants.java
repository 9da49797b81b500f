package run.clawcloud.block.kubesim.seed;

/**
 * How many tenants there are to be, and in which state.
 *
 * @param count how many
 * @param active how many of them carry {@code clawcloud.run/status=active}
 * @param locked how many of them are locked, with all that a lock leaves behind
 * @param workloads what runs in each
 */
public record Tenants(int count, int active, int locked, Workloads workloads) {

    /** What runs in a tenant's namespace. */
    public enum Workloads {
        /** Nothing. */
        NONE,
        /** One of every sort of workload. */
        TYPICAL
    }

    /** In which state a tenant stands from the start. */
    enum State {
        PLAIN,
        ACTIVE,
        LOCKED
    }

    /** No tenants. */
    public static final Tenants NOBODY = new Tenants(0, 0, 0, Workloads.NONE);

    /** The numbers must go together. */
    public Tenants {
        if (count < 0 || active < 0 || locked < 0 || (long) active + locked > count) {
            throw new IllegalArgumentException(
                    active + " active and " + locked + " locked of " + count + " namespaces");
        }
    }

    /** The states are spread evenly over the tenants. */
    State state(int ordinal) {
        long chosen = (long) active + locked;
        long before = ordinal * chosen / Math.max(1, count);
        if ((ordinal + 1) * chosen / Math.max(1, count) == before) {
            return State.PLAIN;
        }
        return (before + 1) * locked / chosen > before * locked / chosen ? State.LOCKED : State.ACTIVE;
    }
}
