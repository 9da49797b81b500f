/** Placeholder. */
@NullMarked
package run.clawcloud.block.api;

import org.jspecify.annotations.NullMarked;
