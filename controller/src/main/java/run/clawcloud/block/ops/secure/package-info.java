/**
 * Metrics over TLS, for those who may read them. A request comes in over a certificate that is read anew when its files
 * change ({@link run.clawcloud.block.ops.secure.ServerIdentity}), or that was made at the start; who sends it and
 * whether they may is asked of the API server ({@link run.clawcloud.block.ops.secure.Access}), through the one door.
 */
@NullMarked
package run.clawcloud.block.ops.secure;

import org.jspecify.annotations.NullMarked;
