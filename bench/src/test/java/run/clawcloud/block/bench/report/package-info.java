/** Tests of tables, JSON lines and charts. */
@NullMarked
package run.clawcloud.block.bench.report;

import org.jspecify.annotations.NullMarked;
