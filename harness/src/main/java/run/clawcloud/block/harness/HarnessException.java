package run.clawcloud.block.harness;

/** What was begun can't go on. The message is one line for the user: what was tried, and what came of it. */
public final class HarnessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HarnessException(String message) {
        super(message);
    }
}
