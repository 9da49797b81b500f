/**
 * What is known of every namespace that concerns us, in a few primitive arrays. What comes in are the feed's
 * {@link run.clawcloud.block.feed.NamespaceView}s and the answers to our own writes; what goes out are the names of
 * namespaces in which something has to be done, told to a {@link run.clawcloud.block.state.ChangeListener}.
 * {@link run.clawcloud.block.state.EventFilter} is where an event ends that changes nothing for us, before anything is
 * made of it; {@link run.clawcloud.block.state.Namespaces} is the door,
 * {@link run.clawcloud.block.state.NamespaceIndex} the memory. Expiry is a scan once a second. No I/O.
 */
@NullMarked
package run.clawcloud.block.state;

import org.jspecify.annotations.NullMarked;
