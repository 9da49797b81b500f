/** Tests of the leadership. */
@NullMarked
package run.clawcloud.block.leader;

import org.jspecify.annotations.NullMarked;
