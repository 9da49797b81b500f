package run.clawcloud.block.kubesim.store;

import java.util.Comparator;

/**
 * Where an object of a type is found; ordered as etcd orders keys.
 *
 * @param namespace empty for cluster-scoped objects
 * @param name its name
 */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

    private static final Comparator<ObjectKey> ORDER =
            Comparator.comparing(ObjectKey::namespace).thenComparing(ObjectKey::name);

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }
}
