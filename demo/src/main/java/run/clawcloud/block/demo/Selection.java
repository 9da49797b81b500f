package run.clawcloud.block.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Meta;
import tools.jackson.databind.JsonNode;

/**
 * Which namespaces the demo works on, and which must outlive it.
 *
 * @param lock those to lock and to open again
 * @param expire others, to lock until their time is up
 * @param survivors all but {@code expire}: to each that nobody labels its resourceVersion, to the others an empty
 *     string
 */
record Selection(List<String> lock, List<String> expire, Map<String, String> survivors) {
    /** Any fixed number: the same namespaces are picked every time. */
    private static final long SEED = 20;

    private static final String MAY_CHANGE = "";

    /** What of a namespace matters here, and no more: there may be a million of them. */
    record Candidate(String name, String resourceVersion, boolean labelled) {
        static Candidate of(JsonNode namespace) {
            return new Candidate(
                    Meta.name(namespace),
                    Meta.resourceVersion(namespace),
                    Meta.label(namespace, Names.STATUS_LABEL) != null);
        }
    }

    /**
     * Picks from all over the cluster, by chance, among the namespaces that carry no status label.
     *
     * @throws HarnessException if there are too few of them
     */
    static Selection pick(List<Candidate> namespaces, int lock, int expire) {
        Map<String, String> survivors = new TreeMap<>();
        List<String> free = new ArrayList<>();
        for (Candidate namespace : namespaces) {
            String name = namespace.name();
            survivors.put(name, namespace.labelled() ? MAY_CHANGE : namespace.resourceVersion());
            // "default" may be locked, but kubectl users of a kept cluster would be surprised.
            if (!namespace.labelled() && !Names.ALWAYS_PROTECTED.contains(name) && !name.equals("default")) {
                free.add(name);
            }
        }
        if (free.size() < lock + expire) {
            throw new HarnessException("%d namespaces are to be locked, but only %d carry no status label"
                    .formatted(lock + expire, free.size()));
        }
        Collections.shuffle(free, new Random(SEED));
        List<String> locked = List.copyOf(free.subList(0, lock));
        List<String> expired = List.copyOf(free.subList(lock, lock + expire));
        locked.forEach(name -> survivors.put(name, MAY_CHANGE));
        expired.forEach(survivors::remove);
        return new Selection(locked, expired, survivors);
    }

    /**
     * What is wrong with the namespaces after the expiry: exactly the chosen ones are gone, nothing is new, and what
     * nobody labelled was not written to.
     *
     * @param now the resourceVersion of each namespace that is there
     */
    List<String> problems(Map<String, String> now) {
        List<String> problems = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(survivors.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            String version = now.get(name);
            String expected = survivors.get(name);
            if (version == null) {
                problems.add("Namespace " + name + " is gone, but its time was not up");
            } else if (expected == null) {
                problems.add(
                        "Namespace " + name + (expire.contains(name) ? " is still there" : " was not there before"));
            } else if (!expected.equals(MAY_CHANGE) && !expected.equals(version)) {
                problems.add("Namespace " + name + " was changed, though nobody labelled it");
            }
        }
        return problems;
    }
}
