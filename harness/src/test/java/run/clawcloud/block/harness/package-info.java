/** Tests of the client against the embedded cluster, and of what is counted. */
@NullMarked
package run.clawcloud.block.harness;

import org.jspecify.annotations.NullMarked;
