package run.clawcloud.block.kubesim.crd;

import java.time.InstantSource;
import java.util.function.Consumer;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server itself writes into definitions: their status, and that nothing holds them any more. */
final class DefinitionWriter {

    static final Caller APISERVER = new Caller("kube-apiserver");

    private final ClusterApi api;
    private final InstantSource time;

    DefinitionWriter(ClusterApi api, InstantSource time) {
        this.api = api;
        this.time = time;
    }

    /** Changes a status; nothing is written when nothing is another than before. */
    void status(String name, Consumer<ObjectNode> change) {
        api.modify(Kinds.CUSTOM_RESOURCE_DEFINITIONS, "", name, Subresource.STATUS, APISERVER, definition -> {
            change.accept(Json.child(definition, "status"));
            return definition;
        });
    }

    /** Sets a condition in a status that is being changed. */
    void set(ObjectNode status, Conditions.Condition condition) {
        Conditions.set(status, condition, time.instant());
    }

    /** Sets the condition Terminating. */
    void terminating(String name, boolean is, String reason, String message) {
        status(name, status -> set(status, new Conditions.Condition("Terminating", is, reason, message)));
    }

    /** Takes the finalizer away that holds a definition until its objects are gone. */
    void release(String name) {
        api.modify(Kinds.CUSTOM_RESOURCE_DEFINITIONS, "", name, Subresource.NONE, APISERVER, definition -> {
            if (Json.child(definition, "metadata").get("finalizers") instanceof ArrayNode finalizers) {
                for (int i = finalizers.size() - 1; i >= 0; i--) {
                    if (finalizers.get(i).asString("").equals(DefinitionRules.CLEANUP)) {
                        finalizers.remove(i);
                    }
                }
            }
            return definition;
        });
    }
}
