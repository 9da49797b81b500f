package run.clawcloud.block.request;

import java.util.List;
import java.util.Optional;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.kube.ApiException;

/**
 * What is written to BlockRequests. Every method is one request and fails with {@link ApiException} when it is refused
 * or not answered; it blocks, and can be interrupted.
 */
public interface RequestCluster {

    /** Empty when there is none. */
    Optional<BlockRequestView> request(String namespace, String name) throws ApiException, InterruptedException;

    /**
     * Replaces the finalizers, provided that the request is as it was seen: else it is a conflict.
     *
     * @return what it is then; empty in a dry run
     */
    Optional<BlockRequestView> writeFinalizers(BlockRequestView seen, List<String> finalizers)
            throws ApiException, InterruptedException;

    /**
     * Replaces the status of exactly this request: another one of its name is left alone.
     *
     * @return what it is then; empty in a dry run
     */
    Optional<BlockRequestView> writeStatus(BlockRequestView seen, BlockRequestStatus status)
            throws ApiException, InterruptedException;
}
