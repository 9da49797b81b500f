/**
 * What a run of a benchmark leaves behind: a table for whoever started it, a JSON line for later, charts for the docs.
 *
 * <p>In come figures ({@link run.clawcloud.block.bench.report.Figure}), each with the goal that it is held against
 * ({@link run.clawcloud.block.bench.report.Goal}, the one place where the goals stand); out go text, JSON and SVG. No
 * figure of a chart is typed in by hand.
 */
@NullMarked
package run.clawcloud.block.bench.report;

import org.jspecify.annotations.NullMarked;
