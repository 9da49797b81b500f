package run.clawcloud.block.kubesim.api;

import java.util.List;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the objects of one type must be like, where {@link Defaults} and {@link Validation} do not say it: for
 * CustomResourceDefinitions, and for the types that these define. Safe for any number of threads.
 */
public interface ObjectRules {

    /** The fields that have no place in an object of this type, as {@code spec.parts[0].odd}, in order. */
    List<String> unknownFields(ObjectNode object);

    /**
     * Brings an object into the form in which it is checked and stored: what is unknown is taken away, what is absent
     * and has a default is put there.
     */
    void complete(ObjectNode object);

    /** Gives a new object the status that it begins with. */
    default void begin(ObjectNode object) {}

    /** Marks the beginning of its deletion, beside the deletionTimestamp. */
    default void beginDeletion(ObjectNode object) {}

    /** Says what is wrong with a new object. */
    void checkNew(ResourceType type, ObjectNode object, FieldErrors errors);

    /** Says what is wrong with a change. */
    void checkChange(ResourceType type, ObjectNode before, ObjectNode after, FieldErrors errors);
}
