/** Tests of the door to the API server, against a small HTTP server that answers as it is told. */
@NullMarked
package run.clawcloud.block.cluster;

import org.jspecify.annotations.NullMarked;
