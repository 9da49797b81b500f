/**
 * What is known of every namespace that concerns us, in a few primitive arrays. What comes in are the feed's
 * {@link run.clawcloud.block.feed.NamespaceView}s and the answers to our own writes; what goes out are the names of
 * namespaces in which something has to be done, told to a {@link run.clawcloud.block.state.ChangeListener}.
 * {@link run.clawcloud.block.state.Namespaces} is the door, {@link run.clawcloud.block.state.NamespaceIndex} the
 * memory. An event that changes nothing for us ends here; expiry is a scan once a second. No I/O.
 */
@NullMarked
package run.clawcloud.block.state;

import org.jspecify.annotations.NullMarked;
