package run.clawcloud.block.kubesim.store;

import tools.jackson.databind.node.ObjectNode;

/**
 * An object as it stands at one resourceVersion. Immutable.
 *
 * @param type what it is
 * @param namespace empty for cluster-scoped objects
 * @param name its name
 * @param resourceVersion the write that brought it about
 * @param body its content
 */
public record StoredObject(ResourceType type, String namespace, String name, long resourceVersion, Body body) {

    /** An object kept as bytes. Its {@code metadata.resourceVersion} is set in the tree. */
    static StoredObject of(ResourceType type, ObjectKey key, long resourceVersion, ObjectNode tree) {
        ObjectNode metadata = Json.child(tree, "metadata");
        metadata.put("resourceVersion", Long.toString(resourceVersion));
        Body body = Body.ofBytes(
                Json.bytes(tree), Labels.of(tree), metadata.path("uid").asString(""));
        return new StoredObject(type, key.namespace(), key.name(), resourceVersion, body);
    }

    /** The uid. */
    public String uid() {
        return body.uid();
    }

    /** The labels. */
    public Labels labels() {
        return body.labels();
    }

    /** Compact UTF-8 JSON, not to be changed. */
    public byte[] json() {
        return body.json();
    }

    /** A fresh copy, the caller's to change. */
    public ObjectNode tree() {
        return Json.parseObject(body.json());
    }

    /** Namespace and name. */
    public ObjectKey key() {
        return new ObjectKey(namespace, name);
    }

    /** The same content under another resourceVersion: how a watch shows what an object was when it went. */
    public StoredObject at(long newResourceVersion) {
        return of(type, key(), newResourceVersion, tree());
    }
}
