/**
 * Other readers of all namespaces, as an ordinary program would write them: an informer of each Java client, with
 * default settings, in a JVM with default flags.
 *
 * <p>In comes a kubeconfig; out goes a line {@code synced} and the number of namespaces that are held. Each is a
 * program of its own, and ends when it is told to.
 */
@NullMarked
package run.clawcloud.block.bench.peer;

import org.jspecify.annotations.NullMarked;
