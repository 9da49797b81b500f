/**
 * The benchmarks: {@code ./block-controller bench micro|scale|latency|throughput|soak|chart}.
 *
 * <p>In comes a command line ({@link run.clawcloud.block.bench.Bench}); out go a table of figures with their targets, a
 * JSON line in {@code bench/results/}, and charts. Cluster and controller are processes of their own, started through
 * the launcher script, so that what is measured is what anybody else would start.
 */
@NullMarked
package run.clawcloud.block.bench;

import org.jspecify.annotations.NullMarked;
