package run.clawcloud.block.torture;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.api.Kinds;
import tools.jackson.databind.node.ObjectNode;

/** A namespace, and how large somebody wanted each of its workloads last. For one thread. */
final class Tenant {

    /** Those with a size. */
    private static final List<Workload> SIZED = List.of(
            Workload.DEPLOYMENT,
            Workload.IDLE_DEPLOYMENT,
            Workload.STATEFUL_SET,
            Workload.REPLICA_SET,
            Workload.REPLICATION_CONTROLLER);

    /** What people make of a note; empty for none. */
    private static final List<String> NOTES = List.of("%d", "%d", "", "%d or so", "-%d", "9999999999%d");

    private static final int LARGEST = 4;

    private final World world;
    private final String name;
    private final Map<Workload, Integer> wanted = new EnumMap<>(Workload.class);
    private final Map<Workload, String> unreadable = new EnumMap<>(Workload.class);
    private boolean cronJob = true;
    private boolean there = true;

    private Tenant(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** A namespace with a workload of each kind. */
    static Tenant make(World world, String name, RandomGenerator random) {
        Tenant tenant = new Tenant(world, name);
        world.namespace(name);
        for (Workload each : SIZED) {
            each.createIn(world, name);
            tenant.wanted.put(each, each.pods());
            if (each != Workload.IDLE_DEPLOYMENT) {
                tenant.scale(each, random);
            }
        }
        Workload.CRON_JOB.createIn(world, name);
        return tenant;
    }

    String name() {
        return name;
    }

    /** What people know of it now; to be run when the cluster goes back to this moment. */
    Runnable remember() {
        Map<Workload, Integer> sizes = new EnumMap<>(Workload.class);
        sizes.putAll(wanted);
        Map<Workload, String> notes = new EnumMap<>(Workload.class);
        notes.putAll(unreadable);
        boolean suspends = cronJob;
        boolean lives = there;
        return () -> {
            wanted.clear();
            wanted.putAll(sizes);
            unreadable.clear();
            unreadable.putAll(notes);
            cronJob = suspends;
            there = lives;
        };
    }

    /** Of the namespace, which has to be there. */
    String uid() {
        return Objects.requireNonNull(world.find(name)).at("/metadata/uid").asString();
    }

    /** Somebody wants another size. To want none would not be told from a lock. */
    void scale(RandomGenerator random) {
        List<Workload> there = new ArrayList<>(wanted.keySet());
        if (!there.isEmpty()) {
            scale(there.get(random.nextInt(there.size())), random);
        }
    }

    private void scale(Workload workload, RandomGenerator random) {
        int size = random.nextInt(1, LARGEST);
        // What becomes of a size beside a note that cannot be read is not promised.
        if (!unreadable.containsKey(workload)
                && world.change(
                        workload.type(),
                        name,
                        workload.label(),
                        object -> spec(object).put("replicas", size))) {
            wanted.put(workload, size);
        }
    }

    /** Somebody edits the note on a workload that is locked: another number, something else, or away with it. */
    void editNote(RandomGenerator random) {
        List<Workload> candidates = new ArrayList<>(wanted.keySet());
        candidates.removeAll(unreadable.keySet());
        if (candidates.isEmpty()) {
            return;
        }
        Workload workload = candidates.get(random.nextInt(candidates.size()));
        int size = random.nextInt(1, LARGEST);
        String note = NOTES.get(random.nextInt(NOTES.size())).formatted(size);
        boolean[] edited = {false};
        boolean written = world.change(workload.type(), name, workload.label(), object -> {
            edited[0] = spec(object).path("replicas").asInt(1) == 0
                    && !World.text(object, "annotations", Names.ORIGINAL_REPLICAS)
                            .isEmpty();
            if (edited[0]) {
                World.set(object, "annotations", Names.ORIGINAL_REPLICAS, note.isEmpty() ? null : note);
            }
        });
        if (written && edited[0]) {
            if (note.isEmpty()) {
                wanted.put(workload, 0);
            } else if (note.equals(Integer.toString(size))) {
                wanted.put(workload, size);
            } else {
                unreadable.put(workload, note);
            }
        }
    }

    /** Somebody deletes the namespace, or makes it anew once it is gone, with what a lock lets them make. */
    void comeOrGo(Set<String> mayGo) {
        ObjectNode found = world.find(name);
        if (there && found != null) {
            mayGo.add(uid());
            there = !world.delete(Kinds.NAMESPACES, "", name);
        } else if (!there && found == null) {
            world.namespace(name);
            there = true;
            wanted.clear();
            unreadable.clear();
            cronJob = false;
            SIZED.stream().filter(each -> each.tryIn(world, name)).forEach(each -> wanted.put(each, each.pods()));
        }
    }

    /** Somebody deletes a workload. */
    void deleteOne(RandomGenerator random) {
        List<Workload> there = new ArrayList<>(wanted.keySet());
        if (random.nextInt(4) == 0) {
            cronJob &= !world.delete(Workload.CRON_JOB.type(), name, Workload.CRON_JOB.label());
        } else if (there.size() > 2) {
            Workload one = there.get(random.nextInt(there.size()));
            if (world.delete(one.type(), name, one.label())) {
                wanted.remove(one);
            }
        }
    }

    /** A value that means nothing changes nothing: there is no telling what is there. Somebody puts it right. */
    void mendTypo() {
        String status = world.label(name, Names.STATUS_LABEL);
        if (!status.isEmpty() && !status.equals(Names.LOCKED) && !status.equals(Names.ACTIVE)) {
            world.status(name, Names.LOCKED);
        }
    }

    /** Somebody deletes our quota. */
    void deleteQuota() {
        world.delete(Kinds.RESOURCE_QUOTAS, name, Names.QUOTA);
    }

    /** Somebody opens our quota. */
    void alterQuota() {
        world.change(Kinds.RESOURCE_QUOTAS, name, Names.QUOTA, quota -> {
            if (spec(quota).get("hard") instanceof ObjectNode hard) {
                hard.put("pods", "10");
            }
        });
    }

    private static ObjectNode spec(ObjectNode object) {
        return (ObjectNode) object.get("spec");
    }

    /** What is not as the label of the namespace says; nothing if all is well. */
    List<String> problems() {
        List<String> found = new ArrayList<>();
        ObjectNode namespace = world.find(name);
        if (namespace == null || !there) {
            return (namespace == null) == there ? List.of(name + (there ? " is gone" : " is still there")) : List.of();
        }
        boolean locked = World.text(namespace, "labels", Names.STATUS_LABEL).equals(Names.LOCKED);
        String applied = World.text(namespace, "labels", Names.APPLIED_LABEL);
        expect(found, "applied", locked ? Names.APPLIED_LOCKED : "", applied);
        if (!locked) {
            expect(found, "timestamp", "", World.text(namespace, "annotations", Names.UNLOCK_TIMESTAMP));
        }
        expect(found, "pods allowed by the quota", locked ? "0" : "", quota());
        wanted.forEach((workload, size) -> {
            ObjectNode object = world.find(workload.type(), name, workload.label());
            if (object == null) {
                found.add(name + ": " + workload.label() + " is gone");
                return;
            }
            int replicas = spec(object).path("replicas").asInt(1);
            String note = World.text(object, "annotations", Names.ORIGINAL_REPLICAS);
            if (unreadable.containsKey(workload)) {
                // It is left as it is, for somebody who knows better.
                expect(found, workload.label() + "'s size", 0, replicas);
                expect(found, workload.label() + "'s note", unreadable.getOrDefault(workload, ""), note);
                return;
            }
            // Who scales a workload of a locked namespace has none the better of it: the quota holds. It is left so.
            boolean scaled = locked && replicas != 0;
            expect(found, workload.label() + "'s size", locked && !scaled ? 0 : size, replicas);
            if (!scaled) {
                expect(found, workload.label() + "'s note", locked && size > 0 ? size.toString() : "", note);
            }
        });
        if (cronJob) {
            ObjectNode object = world.find(Workload.CRON_JOB.type(), name, Workload.CRON_JOB.label());
            expect(
                    found,
                    "suspended",
                    locked,
                    object != null && spec(object).path("suspend").asBoolean(false));
        }
        return found;
    }

    private String quota() {
        ObjectNode quota = world.find(Kinds.RESOURCE_QUOTAS, name, Names.QUOTA);
        return quota == null ? "" : spec(quota).path("hard").path("pods").asString("none");
    }

    private void expect(List<String> found, String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            found.add("%s: %s is '%s', not '%s'".formatted(name, what, actual, expected));
        }
    }
}
