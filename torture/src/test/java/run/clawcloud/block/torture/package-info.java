/** The torture, as far as it fits into a build. */
@NullMarked
package run.clawcloud.block.torture;

import org.jspecify.annotations.NullMarked;
