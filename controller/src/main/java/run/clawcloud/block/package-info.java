/**
 * The program. {@link run.clawcloud.block.Main} reads the command line, {@link run.clawcloud.block.BlockController}
 * puts the parts together and runs them: the feed hears of namespaces, the state finds out which of them call for work,
 * the queue hands these to the flows, and the flows ask the one door to the API server.
 */
@NullMarked
package run.clawcloud.block;

import org.jspecify.annotations.NullMarked;
