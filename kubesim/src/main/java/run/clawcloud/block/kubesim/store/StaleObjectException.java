package run.clawcloud.block.kubesim.store;

/** The object was written or deleted since it was read. */
public final class StaleObjectException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StaleObjectException(StoredObject stale) {
        super(stale.type().qualifiedName() + " " + stale.key() + " is no longer at " + stale.resourceVersion());
    }
}
