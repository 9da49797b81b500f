package run.clawcloud.block.feed;

/** A label selector that the Kubernetes API would refuse. The message names what, where, and what is allowed. */
public final class InvalidSelectorException extends Exception {

    InvalidSelectorException(String message) {
        super(message);
    }
}
