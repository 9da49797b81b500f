/**
 * What an operator needs and the work does not: Kubernetes Events, metrics, health, logs, the guard over the memory.
 * Each is handed to the others as one of their monitor interfaces by the composition root.
 */
@NullMarked
package run.clawcloud.block.ops;

import org.jspecify.annotations.NullMarked;
