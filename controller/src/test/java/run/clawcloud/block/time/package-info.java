/** Backoff, tested for its bounds. */
@NullMarked
package run.clawcloud.block.time;

import org.jspecify.annotations.NullMarked;
