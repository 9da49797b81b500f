/**
 * Breaks the cluster and the controller on purpose: {@link run.clawcloud.block.torture.Torture} is the command,
 * {@link run.clawcloud.block.torture.World} a small embedded cluster with people in it, and controllers in this very
 * process. In comes what is to be broken, a seed or the number of a request; out come the promises that were not kept,
 * none if all is well.
 */
@NullMarked
package run.clawcloud.block.torture;

import org.jspecify.annotations.NullMarked;
