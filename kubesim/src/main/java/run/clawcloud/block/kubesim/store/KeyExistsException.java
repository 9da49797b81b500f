package run.clawcloud.block.kubesim.store;

/** There is an object of that type, namespace and name. */
public final class KeyExistsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    KeyExistsException(ResourceType type, ObjectKey key) {
        super(type.qualifiedName() + " " + key + " exists");
    }
}
