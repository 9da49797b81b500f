/** Placeholder. */
@NullMarked
package run.clawcloud.block.demo;

import org.jspecify.annotations.NullMarked;
