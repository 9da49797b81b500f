package run.clawcloud.block;

/** How the process ends. */
final class ExitStatus {

    /** It was told to stop, and did. */
    static final int OK = 0;
    /** A defect. */
    static final int INTERNAL_ERROR = 1;
    /** A flag or its environment variable makes no sense. */
    static final int BAD_FLAG = 2;
    /** The kubeconfig is missing or broken. */
    static final int BAD_KUBECONFIG = 3;
    /** The kubeconfig has no such context. */
    static final int UNKNOWN_CONTEXT = 4;
    /** The API server does not accept our credentials. */
    static final int UNAUTHORIZED = 5;
    /** An address to listen on is taken, or the certificate for it can't be used. */
    static final int ADDRESS_IN_USE = 6;
    /** It has led, and may not any more. */
    static final int LEADERSHIP_LOST = 7;

    private ExitStatus() {}
}
