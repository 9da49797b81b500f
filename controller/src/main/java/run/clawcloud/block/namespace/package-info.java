/**
 * What is done to a namespace: lock, unlock, expire. {@link run.clawcloud.block.namespace.NamespaceReconciler} takes a
 * name from the queue, looks at its state and runs the flow that the state calls for; what goes out are reads and
 * writes through {@link run.clawcloud.block.namespace.Cluster} and notes for people through
 * {@link run.clawcloud.block.namespace.Events}. {@link run.clawcloud.block.namespace.WorkloadKind} lists the kinds of
 * workload, {@link run.clawcloud.block.namespace.Scaling} decides what becomes of each: pure functions. Every step can
 * be repeated, and whoever repeats it after a crash ends in the same state. No HTTP.
 */
@NullMarked
package run.clawcloud.block.namespace;

import org.jspecify.annotations.NullMarked;
