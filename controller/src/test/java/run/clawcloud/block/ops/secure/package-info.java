/** Tests of certificates that are read anew, and of what is remembered of those who read metrics. */
@NullMarked
package run.clawcloud.block.ops.secure;

import org.jspecify.annotations.NullMarked;
