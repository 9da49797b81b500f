/**
 * The vocabulary of the Kubernetes API that every other package speaks: resources and their paths, and how the server
 * says no. Holds no state and sends nothing.
 */
@NullMarked
package run.clawcloud.block.kube;

import org.jspecify.annotations.NullMarked;
