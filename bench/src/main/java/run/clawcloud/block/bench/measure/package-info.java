/**
 * What is read off a process, and what is made of many readings.
 *
 * <p>In come process ids and series of numbers; out go resident memory, threads, processor time, and slopes. Nothing
 * here knows which process it is.
 */
@NullMarked
package run.clawcloud.block.bench.measure;

import org.jspecify.annotations.NullMarked;
