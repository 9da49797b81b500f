package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives every new namespace its ServiceAccount {@code default} and its ConfigMap {@code kube-root-ca.crt}, and puts
 * them back when they are deleted. A quota that forbids them is respected: they come when it goes.
 */
final class NamespaceContent implements Reconciler {

    static final String SERVICE_ACCOUNT = "default";
    static final String ROOT_CA = "kube-root-ca.crt";

    private final Cluster cluster;

    NamespaceContent(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        ObjectNode namespace = cluster.find(Kinds.NAMESPACES, new ObjectKey("", key.namespace()));
        if (namespace == null || Meta.deleting(namespace)) {
            return null;
        }
        createIfAbsent(Kinds.SERVICE_ACCOUNTS, key.namespace(), SERVICE_ACCOUNT, Json.object());
        ObjectNode rootCa = Json.object();
        rootCa.putObject("data").put("ca.crt", "");
        ObjectNode annotations = rootCa.putObject("metadata").putObject("annotations");
        annotations.put(
                "kubernetes.io/description",
                "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as"
                        + " the internal service IP or kubernetes.default.svc. No other usage is guaranteed across"
                        + " distributions of Kubernetes clusters.");
        createIfAbsent(Kinds.CONFIG_MAPS, key.namespace(), ROOT_CA, rootCa);
        return null;
    }

    private void createIfAbsent(ResourceType type, String namespace, String name, ObjectNode object) {
        if (cluster.uid(type, new ObjectKey(namespace, name)) == null) {
            Json.child(object, "metadata").put("name", name).put("namespace", namespace);
            try {
                var _ = cluster.create(type, object);
            } catch (ApiException e) {
                if (!e.reason().equals("AlreadyExists")) {
                    throw e;
                }
            }
        }
    }
}
