package run.clawcloud.block.request;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import run.clawcloud.block.api.BlockRequestStatus;

/**
 * Whose BlockRequests count: a request can lock namespaces that its author could never touch.
 *
 * @param names of the namespaces whose requests do; empty for all
 */
public record RequestNamespaces(SortedSet<String> names) {

    public static final RequestNamespaces ALL = of(List.of());

    public RequestNamespaces {
        names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }

    public static RequestNamespaces of(Collection<String> names) {
        return new RequestNamespaces(new TreeSet<>(names));
    }

    /** Whether the request counts. */
    boolean admit(BlockRequestView request) {
        return names.isEmpty() || names.contains(request.namespace());
    }

    /**
     * What the status of a request says that does not count.
     *
     * @param now the time of a transition
     */
    BlockRequestStatus refusal(BlockRequestView request, Instant now) {
        String message = "it is ignored: BlockRequests count in the namespaces " + String.join(", ", names)
                + " only (--request-namespaces)";
        return new BlockRequestStatus(
                request.generation(),
                List.of(StatusReport.ready(request, "False", BlockRequestStatus.NOT_ALLOWED, message, now)),
                0,
                0,
                0,
                0,
                "",
                List.of());
    }
}
