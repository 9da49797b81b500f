package run.clawcloud.block.torture;

import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import run.clawcloud.block.kubesim.api.Kinds;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds every write that controllers send, other than those of the Lease, against who holds the Lease at the moment at
 * which it arrives. Only those that compete say who they are; the others are not looked at.
 *
 * @param violation hears of a write of one that does not hold it
 */
record WriteRecord(World world, Consumer<String> violation) {

    static final String LEASE_NAMESPACE = "default";
    static final String LEASE = "block-controller";

    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    private static final Pattern IDENTITY = Pattern.compile("block-controller/\\S+ \\((\\S+)\\).*");

    /** To be called with each request as it arrives. */
    void requested(String verb, String resource, String userAgent) {
        Matcher identity = IDENTITY.matcher(userAgent);
        if (WRITES.contains(verb) && !resource.equals("leases") && identity.matches()) {
            String holder = holder();
            if (!identity.group(1).equals(holder)) {
                violation.accept(
                        verb + " " + resource + " by " + identity.group(1) + " while '" + holder + "' holds the Lease");
            }
        }
    }

    private String holder() {
        ObjectNode lease = world.find(Kinds.LEASES, LEASE_NAMESPACE, LEASE);
        return lease == null ? "" : lease.at("/spec/holderIdentity").asString("");
    }
}
