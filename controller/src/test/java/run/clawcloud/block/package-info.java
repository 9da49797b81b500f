/** Tests of the program as a whole; first of all, that its packages depend on each other one way only. */
@NullMarked
package run.clawcloud.block;

import org.jspecify.annotations.NullMarked;
