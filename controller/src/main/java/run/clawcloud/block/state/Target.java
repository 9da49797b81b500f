package run.clawcloud.block.state;

/**
 * A namespace of a BlockRequest.
 *
 * @param message why it failed; empty otherwise
 */
public record Target(String namespace, TargetPhase phase, String message) {}
