/** Tests of what is computed from readings. */
@NullMarked
package run.clawcloud.block.bench.measure;

import org.jspecify.annotations.NullMarked;
