/**
 * Lists and watches, so that the rest of the program hears of every change and never asks. What comes in are streams of
 * JSON from a {@link run.clawcloud.block.feed.ListWatch}; what goes out are
 * {@link run.clawcloud.block.feed.NamespaceView}s and {@link run.clawcloud.block.feed.QuotaView}s, handed to an
 * interface that the composition root supplies. A feed lists in pages, watches from where the list stood, takes
 * bookmarks, resumes where a watch ended, lists again after 410 Gone, and waits with backoff where the server can't be
 * reached. It decides nothing.
 */
@NullMarked
package run.clawcloud.block.feed;

import org.jspecify.annotations.NullMarked;
