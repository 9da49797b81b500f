package run.clawcloud.block.kubesim.store;

/** The object is larger than what etcd takes. */
public final class ObjectTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ObjectTooLargeException(StoredObject object) {
        super(object.type().qualifiedName() + " " + object.key() + " has " + object.json().length + " bytes");
    }
}
