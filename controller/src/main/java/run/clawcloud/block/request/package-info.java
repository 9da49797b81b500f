/**
 * BlockRequests: who should be locked. What comes in are the requests, from a feed of their own; what goes out is to
 * {@link run.clawcloud.block.state.Namespaces} which namespaces belong to each
 * ({@link run.clawcloud.block.request.Requests}), and through {@link run.clawcloud.block.request.RequestCluster} the
 * label of every namespace that is not as its requests want it ({@link run.clawcloud.block.request.HoldReconciler}),
 * and the finalizer and the status of each request ({@link run.clawcloud.block.request.RequestReconciler}). What is to
 * be written is decided by pure functions: {@link run.clawcloud.block.request.HoldDecision},
 * {@link run.clawcloud.block.request.StatusReport}. How a lock is done is none of this package's business.
 */
@NullMarked
package run.clawcloud.block.request;

import org.jspecify.annotations.NullMarked;
