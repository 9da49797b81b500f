package run.clawcloud.block.leader;

import java.time.Duration;

/**
 * The three durations of an election, as client-go names them.
 *
 * @param leaseDuration a Lease that was not renewed for so long may be taken by another
 * @param renewDeadline whoever could not renew it for so long stops writing; shorter than leaseDuration, so that it has
 *     stopped before another begins
 * @param retryPeriod how often it is renewed, and how long to wait after a failure
 */
public record Timing(Duration leaseDuration, Duration renewDeadline, Duration retryPeriod) {}
