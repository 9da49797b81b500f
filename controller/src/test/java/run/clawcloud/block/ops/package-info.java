/** Tests of what is around the work: memory, Events, logs, endpoints and metrics. */
@NullMarked
package run.clawcloud.block.ops;

import org.jspecify.annotations.NullMarked;
