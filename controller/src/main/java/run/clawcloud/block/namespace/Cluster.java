package run.clawcloud.block.namespace;

import java.util.Optional;
import java.util.function.Consumer;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.state.LockQuota;

/**
 * What the flows ask of the API server. Every method is one request, or one a page, and fails with {@link ApiException}
 * when it is refused or not answered; it blocks, and can be interrupted. What is already gone needs no deleting.
 */
public interface Cluster {

    /** Whether writes are only logged and counted. */
    boolean dryRun();

    /** Empty when there is none. */
    Optional<NamespaceView> namespace(String name) throws ApiException, InterruptedException;

    /** What it is after the write; empty when nothing is written because this is a dry run. */
    Optional<NamespaceView> patchNamespace(String name, NamespacePatch patch) throws ApiException, InterruptedException;

    /** Deletes exactly this namespace in exactly this state: anything else is a conflict. */
    void deleteNamespace(NamespaceView namespace) throws ApiException, InterruptedException;

    /** Fails with {@link ApiException#alreadyExists()} when it is there, altered or not. */
    void createQuota(String namespace, LockQuota quota) throws ApiException, InterruptedException;

    Optional<QuotaView> quota(String namespace) throws ApiException, InterruptedException;

    /** Makes a standing quota that was altered the one that it should be. */
    void repairQuota(QuotaView standing, LockQuota quota) throws ApiException, InterruptedException;

    void deleteQuota(String namespace) throws ApiException, InterruptedException;

    /** Page by page; the consumer is called while the page is read, and may block. */
    void listWorkloads(WorkloadKind kind, String namespace, Consumer<Workload> consumer)
            throws ApiException, InterruptedException;

    Optional<Workload> workload(WorkloadKind kind, String namespace, String name)
            throws ApiException, InterruptedException;

    /**
     * Refused with a conflict unless the workload is still as it was read; a write that only removes the note, unless
     * it is still the same object.
     */
    void writeWorkload(Workload workload, Scaling.Write write) throws ApiException, InterruptedException;

    /** Page by page; the consumer is called while the page is read, and may block. */
    void listPods(String namespace, Consumer<Pod> consumer) throws ApiException, InterruptedException;

    /** Deletes exactly this pod: another one of its name is left alone. */
    void deletePod(Pod pod) throws ApiException, InterruptedException;
}
