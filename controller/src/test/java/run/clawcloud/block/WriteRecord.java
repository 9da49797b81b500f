package run.clawcloud.block;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.StoredObject;

/**
 * Every write that controllers have sent, other than those of the Lease, held against who held the Lease at the moment
 * at which it arrived.
 */
final class WriteRecord {

    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    private static final Pattern IDENTITY = Pattern.compile("block-controller/\\S+ \\((\\S+)\\).*");

    private final KubeSim cluster;
    private final Map<String, LongAdder> writes = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    WriteRecord(KubeSim cluster) {
        this.cluster = cluster;
        cluster.requests().listen(this::requested);
    }

    private void requested(String verb, String resource, String userAgent) {
        Matcher matcher = IDENTITY.matcher(userAgent);
        if (!WRITES.contains(verb) || resource.equals("leases") || !matcher.matches()) {
            return;
        }
        String writer = matcher.group(1);
        writes.computeIfAbsent(writer, _ -> new LongAdder()).increment();
        String holder = holder();
        if (!writer.equals(holder)) {
            violations.add(verb + " " + resource + " by " + writer + " while the Lease is held by '" + holder + "'");
        }
    }

    /** Who holds the Lease now; empty for nobody. */
    String holder() {
        StoredObject lease = cluster.api().find(Kinds.LEASES, "default", "block-controller");
        return lease == null ? "" : lease.tree().at("/spec/holderIdentity").asString("");
    }

    /** How many writes that process has sent. */
    long by(String identity) {
        LongAdder count = writes.get(identity);
        return count == null ? 0 : count.sum();
    }

    /** Writes of a process that did not hold the Lease. */
    Queue<String> violations() {
        return violations;
    }
}
