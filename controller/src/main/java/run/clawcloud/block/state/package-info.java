/**
 * What the controller remembers of the namespaces, in a few primitive arrays: cost follows what is watched, and a
 * million namespaces fit in some 60 MB. What comes in are names, as the bytes that the feed's decoder sees, and the few
 * numbers to keep with each; what goes out are those numbers, the names whose deadline has passed, and the names that a
 * relist no longer saw. No I/O, no threads, and no decision about what is done to a namespace.
 */
@NullMarked
package run.clawcloud.block.state;

import org.jspecify.annotations.NullMarked;
