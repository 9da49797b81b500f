/**
 * Leader election with a Lease: at most one of several processes writes. {@link run.clawcloud.block.leader.Elector}
 * takes the Lease, renews it and gives it back; {@link run.clawcloud.block.leader.Leadership} is what the door to the
 * API server asks before each write. What comes in are changes of the Lease and two clocks; what goes out is one word,
 * when the work may begin, and one when it must end. Knows nothing of what is led.
 */
@NullMarked
package run.clawcloud.block.leader;

import org.jspecify.annotations.NullMarked;
