/** Tests of BlockRequests: what they come to, decision by decision, and all of it against servers in memory. */
@NullMarked
package run.clawcloud.block.request;

import org.jspecify.annotations.NullMarked;
