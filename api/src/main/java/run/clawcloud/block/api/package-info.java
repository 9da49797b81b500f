/**
 * The names that users, manifests and the controller share: labels, annotations, the quota. Nothing here behaves;
 * whoever reads or writes one of these names takes it from here.
 */
@NullMarked
package run.clawcloud.block.api;

import org.jspecify.annotations.NullMarked;
