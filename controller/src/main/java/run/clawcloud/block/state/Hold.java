package run.clawcloud.block.state;

/**
 * What is known of a namespace as a target of BlockRequests.
 *
 * @param resourceVersion of the newest view, 0 when it was never seen
 * @param unsettled it is not, or not known to be, as they want it; false until all of them are known, for before that
 *     nobody can say what they want
 * @param refused they want it locked, and it is protected
 */
public record Hold(Wish wish, long resourceVersion, boolean unsettled, boolean refused) {}
