/** Placeholder. */
@NullMarked
package run.clawcloud.block.kubesim;

import org.jspecify.annotations.NullMarked;
