/** Tests of what the benchmarks know of a cluster. */
@NullMarked
package run.clawcloud.block.bench.cluster;

import org.jspecify.annotations.NullMarked;
