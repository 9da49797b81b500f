/**
 * Whether the process does what it is there for, from what its parts tell:
 * {@link run.clawcloud.block.ops.health.Health} hears of every request, of the feeds and of the workers, and finds what
 * stands still. Not ready is who can't work now; not alive only who would work again after a restart. Nothing here
 * waits or locks for longer than a look takes.
 */
@NullMarked
package run.clawcloud.block.ops.health;

import org.jspecify.annotations.NullMarked;
