/**
 * What the demo and the benchmarks have in common: both start an embedded cluster and the controller as processes of
 * their own, through the launcher script, and both see what any other client of the API would have seen.
 *
 * <p>In come the launcher's path and the address of an API server; out go processes that end with their starter
 * ({@link run.clawcloud.block.harness.Child}), a small client ({@link run.clawcloud.block.harness.Api}), a watch, and
 * the server's counts of requests. Nothing here knows what is being shown or measured.
 */
@NullMarked
package run.clawcloud.block.harness;

import org.jspecify.annotations.NullMarked;
