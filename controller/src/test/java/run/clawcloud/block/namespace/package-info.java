/** Tests of the flows: pure decisions rule by rule, and the flows against a cluster in memory that fails on demand. */
@NullMarked
package run.clawcloud.block.namespace;

import org.jspecify.annotations.NullMarked;
