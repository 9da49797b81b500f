/** Tests of the times that metrics tell, by a clock that is set. */
@NullMarked
package run.clawcloud.block.ops.metrics;

import org.jspecify.annotations.NullMarked;
