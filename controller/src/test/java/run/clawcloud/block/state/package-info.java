/**
 * Tests of what is known of namespaces: the readers of what people write, every rule of what calls for work, and models
 * with seeded random operations.
 */
@NullMarked
package run.clawcloud.block.state;

import org.jspecify.annotations.NullMarked;
