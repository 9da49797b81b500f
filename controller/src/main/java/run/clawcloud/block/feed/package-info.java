/**
 * Lists and watches, so that the rest of the program hears of every change and never asks. What comes in are streams of
 * JSON from a {@link run.clawcloud.block.feed.ListWatch}; what goes out, to an interface that the composition root
 * supplies, are {@link run.clawcloud.block.feed.QuotaView}s, and of namespaces a
 * {@link run.clawcloud.block.feed.NamespaceReading} that is used again and again, from which whoever needs it makes a
 * {@link run.clawcloud.block.feed.NamespaceView}. The reading holds the labels against the
 * {@link run.clawcloud.block.feed.Selectors} that are handed in. A feed lists in pages, watches from where the list
 * stood, takes bookmarks, resumes where a watch ended, lists again after 410 Gone or when another part of the
 * collection is wanted, and waits with backoff where the server can't be reached. It decides nothing.
 */
@NullMarked
package run.clawcloud.block.feed;

import org.jspecify.annotations.NullMarked;
