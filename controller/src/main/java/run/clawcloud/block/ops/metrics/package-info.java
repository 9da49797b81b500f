/**
 * What is counted, in Prometheus' terms: {@link run.clawcloud.block.ops.metrics.Metrics} has the registry and what is
 * read when it is asked for; the others each hear a part of the work, as one of its monitor interfaces. What hears
 * something often adds up numbers that are looked up once. docs/operate.md has each metric, and a test holds it to
 * that.
 */
@NullMarked
package run.clawcloud.block.ops.metrics;

import org.jspecify.annotations.NullMarked;
