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
 * @param secureMetrics null for plain, to everybody
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
        @Nullable SecureMetrics secureMetrics,
        @Nullable InetSocketAddress health,
        boolean dryRun,
        @Nullable Election election) {

    /**
     * Metrics over TLS, to those who may read them.
     *
     * @param certificates the directory; null for a certificate that is made at the start
     * @param certificate name of its file, PEM
     * @param key name of its file, PEM
     */
    public record SecureMetrics(@Nullable Path certificates, String certificate, String key) {}

    /**
     * Leader election.
     *
     * @param namespace of the Lease
     * @param name of the Lease
     */
    public record Election(String namespace, String name, Timing timing) {}
}
