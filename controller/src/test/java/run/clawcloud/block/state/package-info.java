/** Tests of the index of namespaces: against a plain map, with seeded random operations and hashes that collide. */
@NullMarked
package run.clawcloud.block.state;

import org.jspecify.annotations.NullMarked;
