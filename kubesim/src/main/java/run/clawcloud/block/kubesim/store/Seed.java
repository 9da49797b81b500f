package run.clawcloud.block.kubesim.store;

import java.util.List;

/**
 * Objects that stand in the cluster from the start, without taking room before they are written to. What it returns
 * must be the same whenever it is asked, resourceVersions and uids included.
 */
public interface Seed {

    /** A cluster that starts empty. */
    Seed NONE = new Seed() {
        @Override
        public List<StoredObject> objects(ResourceType type, String namespace) {
            return List.of();
        }

        @Override
        public List<String> namespaces() {
            return List.of();
        }

        @Override
        public long count(ResourceType type) {
            return 0;
        }

        @Override
        public long lastResourceVersion() {
            return 0;
        }
    };

    /** The objects of a namespaced type in that namespace, by name; none when the namespace is not seeded. */
    List<StoredObject> objects(ResourceType type, String namespace);

    /** The names of the seeded namespaces, in order; access by index is quick. */
    List<String> namespaces();

    /** How many objects of a namespaced type all seeded namespaces have together. */
    long count(ResourceType type);

    /** The highest resourceVersion that a seeded object has. */
    long lastResourceVersion();
}
