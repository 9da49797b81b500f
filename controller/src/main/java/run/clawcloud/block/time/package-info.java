/**
 * Waiting: how long before another try or for a permit, and the pause itself, which tests replace. Knows nothing of
 * Kubernetes.
 */
@NullMarked
package run.clawcloud.block.time;

import org.jspecify.annotations.NullMarked;
