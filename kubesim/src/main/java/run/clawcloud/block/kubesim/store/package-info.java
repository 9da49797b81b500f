/**
 * Objects at rest: compact JSON bytes by type, namespace and name, one resourceVersion that rises with every write of
 * any type, and for each type a bounded log of what happened to it, from which watches are served. Trees come in,
 * immutable {@link run.clawcloud.block.kubesim.store.StoredObject}s go out. The store knows nothing of what an object
 * means: that is {@code api}'s. Objects that a {@link run.clawcloud.block.kubesim.store.Seed} describes are rendered
 * when they are read and stored only when something of their type is written in their namespace.
 */
@NullMarked
package run.clawcloud.block.kubesim.store;

import org.jspecify.annotations.NullMarked;
