/** Tests of the feed: decoders against the tree of another parser, and the feed against a scripted server in memory. */
@NullMarked
package run.clawcloud.block.feed;

import org.jspecify.annotations.NullMarked;
