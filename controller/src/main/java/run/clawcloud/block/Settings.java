package run.clawcloud.block;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.leader.Timing;
import run.clawcloud.block.namespace.FlowSettings;
import run.clawcloud.block.request.RequestNamespaces;

/**
 * What the flags say, checked.
 *
 * @param kubeconfig null for the usual places
 * @param context null for the current one
 * @param requestNamespaces whose BlockRequests count
 * @param maxMemory of the whole process, bytes
 * @param metrics null for none
 * @param health null for none
 * @param election null for none
 */
public record Settings(
        @Nullable Path kubeconfig,
        @Nullable String context,
        FlowSettings flows,
        RequestNamespaces requestNamespaces,
        Duration slowScanInterval,
        int scanBatchSize,
        int listPageSize,
        int maxConcurrentReconciles,
        int workerCount,
        int maxDeletionsPerMinute,
        long maxMemory,
        @Nullable InetSocketAddress metrics,
        @Nullable InetSocketAddress health,
        boolean dryRun,
        @Nullable Election election) {

    /**
     * Leader election.
     *
     * @param namespace of the Lease
     * @param name of the Lease
     */
    public record Election(String namespace, String name, Timing timing) {}
}
