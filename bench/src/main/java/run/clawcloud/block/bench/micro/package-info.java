/**
 * Benchmarks of the state alone, without a cluster: what an entry costs in time and in memory. Run by JMH, in JVMs of
 * its own with the default compilers.
 */
@NullMarked
package run.clawcloud.block.bench.micro;

import org.jspecify.annotations.NullMarked;
