/**
 * The cluster that is measured on, and who works on it besides the controller.
 *
 * <p>In comes the choice of the cluster; out go a {@link run.clawcloud.block.bench.cluster.TestBed}, namespaces of the
 * bench's own, which vanish with it, and the bare client that the controller is held against: the requests of a lock,
 * and nothing else.
 */
@NullMarked
package run.clawcloud.block.bench.cluster;

import org.jspecify.annotations.NullMarked;
