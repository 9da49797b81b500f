package run.clawcloud.block.state;

/** What a namespace's state calls for. */
public enum Need {
    /** Nothing: it is as it should be, or is being deleted. */
    NOTHING,
    LOCK,
    UNLOCK,
    /** Its lock has run out. */
    EXPIRE,
    /** It was deleted or lost its label, and only a GET tells which. */
    LOOK,
    /** Its status label has a value that means nothing. */
    WARN
}
