/** Tests of the command line, and a small run of each benchmark from end to end. */
@NullMarked
package run.clawcloud.block.bench;

import org.jspecify.annotations.NullMarked;
