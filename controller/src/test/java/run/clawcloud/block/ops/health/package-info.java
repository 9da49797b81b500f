/** What is well and what is not, by a clock that the tests set. */
@NullMarked
package run.clawcloud.block.ops.health;

import org.jspecify.annotations.NullMarked;
