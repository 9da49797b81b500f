/**
 * Tests of what the demo decides without a cluster: what counts as a difference, what a lock must have done, figures.
 */
@NullMarked
package run.clawcloud.block.demo;

import org.jspecify.annotations.NullMarked;
