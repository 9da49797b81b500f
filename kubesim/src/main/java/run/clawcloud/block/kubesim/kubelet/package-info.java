/**
 * Scheduler and kubelet in one: gives each new pod the one node and, a moment later, lets it run; takes down what is to
 * go. Nothing really runs, and no pod ends by itself.
 */
@NullMarked
package run.clawcloud.block.kubesim.kubelet;

import org.jspecify.annotations.NullMarked;
