/** Tests of the queue: the data structure against a simple model, and the workers by a clock that the tests move. */
@NullMarked
package run.clawcloud.block.queue;

import org.jspecify.annotations.NullMarked;
