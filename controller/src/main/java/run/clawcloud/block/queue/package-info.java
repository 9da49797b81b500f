/**
 * A keyed work queue and its workers; it knows nothing of Kubernetes. Keys come in, each with a priority and a time
 * before which it is not worked on; what goes out are calls of a {@link run.clawcloud.block.queue.Worker}. Invariants:
 *
 * <ul>
 *   <li>A key has one entry at most. Adding it again merges: the earliest time and the highest priority win.
 *   <li>A key is never worked on twice at once. Adding it while it is worked on means once more, after that.
 *   <li>Nothing is lost: an added key is handed to a worker after it was added, and again after each failure, until a
 *       worker is done with it, it is removed or the queue is shut down.
 *   <li>Of what is ready, the highest priority goes first; of equal priority, what has been ready longest.
 * </ul>
 */
@NullMarked
package run.clawcloud.block.queue;

import org.jspecify.annotations.NullMarked;
