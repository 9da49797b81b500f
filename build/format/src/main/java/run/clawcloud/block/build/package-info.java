/**
 * The one source format of the project: every Java file of every module goes through palantir-java-format. What comes
 * in is a directory, what goes out is an exit status ({@code check}) or rewritten files ({@code apply}).
 */
@NullMarked
package run.clawcloud.block.build;

import org.jspecify.annotations.NullMarked;
