/**
 * The main job, end to end, for everyone to see: namespaces of an embedded cluster are locked, opened again exactly as
 * they were, and deleted when their time is up.
 *
 * <p>In comes a command line ({@link run.clawcloud.block.demo.Demo}); out go a table (or JSON), and exit status 0 only
 * if every check held. The embedded cluster and the controller are processes of their own, started through the launcher
 * script; this package knows them by their API, their endpoints and nothing else, so that what it reports is what any
 * other client would have seen.
 */
@NullMarked
package run.clawcloud.block.demo;

import org.jspecify.annotations.NullMarked;
