package run.clawcloud.block.demo;

/** The demo can't go on. The message is one line for the user: what was tried, and what came of it. */
final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }
}
