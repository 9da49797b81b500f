package run.clawcloud.block.kubesim.controllers;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.DeleteOptions;
import run.clawcloud.block.kubesim.api.DeleteOptions.Propagation;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.LabelSelector;
import run.clawcloud.block.kubesim.store.Labels;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The controllers' one door to the API: what they read and write, without a write that changes nothing. */
final class Cluster {

    private static final Caller CONTROLLER = new Caller("kube-controller-manager");

    private final ClusterApi api;
    private final InstantSource time;
    private final boolean podsStopAtOnce;

    /** @param podsStopAtOnce whether pods are deleted without the time to stop */
    Cluster(ClusterApi api, InstantSource time, boolean podsStopAtOnce) {
        this.api = api;
        this.time = time;
        this.podsStopAtOnce = podsStopAtOnce;
    }

    Instant now() {
        return time.instant();
    }

    /** A fresh copy of the object, null if there is none. */
    @Nullable
    ObjectNode find(ResourceType type, ObjectKey key) {
        StoredObject object = api.find(type, key.namespace(), key.name());
        return object == null ? null : object.tree();
    }

    /** The uid of the object, null if there is none. */
    @Nullable
    String uid(ResourceType type, ObjectKey key) {
        StoredObject object = api.find(type, key.namespace(), key.name());
        return object == null ? null : object.uid();
    }

    /** The objects of a type; namespace is null for those of all. */
    List<StoredObject> list(ResourceType type, @Nullable String namespace) {
        return api.list(type, namespace, LabelSelector.EVERYTHING);
    }

    /**
     * The objects of a type that {@code owner} controls and that its {@code spec.selector}, if it has one, selects.
     * Those it selects that nobody controls are adopted.
     */
    List<ObjectNode> claim(ResourceType type, ResourceType ownerType, ObjectNode owner) {
        LabelSelector selects = LabelSelector.of(owner.path("spec").path("selector"));
        List<ObjectNode> claimed = new ArrayList<>();
        for (StoredObject object : api.list(type, Meta.namespace(owner), selects)) {
            ObjectNode tree = object.tree();
            Meta.Owner controller = Meta.controller(tree);
            if (controller != null) {
                if (controller.uid().equals(Meta.uid(owner))) {
                    claimed.add(tree);
                }
            } else if (!selects.requirements().isEmpty()
                    && !Meta.deleting(owner)
                    && !Meta.deleting(tree)
                    && !Pods.finished(tree)) {
                Meta.setController(tree, ownerType, owner);
                claimed.add(update(type, tree));
            }
        }
        return claimed;
    }

    /**
     * Whether the owner would know the pods that it makes. The API refuses one that would not; making pods for it all
     * the same would have no end.
     */
    static boolean selectsItsPods(ObjectNode owner) {
        JsonNode spec = owner.path("spec");
        return LabelSelector.of(spec.path("selector")).matches(Labels.of(spec.path("template")));
    }

    ObjectNode create(ResourceType type, ObjectNode object) {
        return api.create(type, Meta.namespace(object), object, CONTROLLER).tree();
    }

    /** Replaces an object that was read; 409 when it was written since. */
    ObjectNode update(ResourceType type, ObjectNode object) {
        return api.update(type, Meta.namespace(object), Meta.name(object), Subresource.NONE, object, CONTROLLER)
                .tree();
    }

    /** Changes an object as it stands then; one that is gone is left alone. */
    void modify(ResourceType type, ObjectKey key, Subresource part, UnaryOperator<ObjectNode> change) {
        modify(type, key, part, CONTROLLER, change);
    }

    void modify(ResourceType type, ObjectKey key, Subresource part, Caller by, UnaryOperator<ObjectNode> change) {
        try {
            api.modify(type, key.namespace(), key.name(), part, by, change);
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    /** Writes the status of an object that was read, if it is another one. */
    void writeStatus(ResourceType type, ObjectNode object, ObjectNode status) {
        if (!Objects.equals(object.get("status"), status)) {
            ObjectKey key = new ObjectKey(Meta.namespace(object), Meta.name(object));
            modify(type, key, Subresource.STATUS, current -> {
                if (Meta.uid(current).equals(Meta.uid(object))) {
                    current.set("status", status);
                }
                return current;
            });
        }
    }

    /** Deletes an object that was read, in the background; one that is gone or replaced is left alone. */
    void delete(ResourceType type, JsonNode object) {
        Long grace = type.equals(Kinds.PODS) && podsStopAtOnce ? (Long) 0L : null;
        delete(type, new ObjectKey(Meta.namespace(object), Meta.name(object)), Meta.uid(object), grace);
    }

    /** @param graceSeconds for pods; null for the pod's own */
    void delete(ResourceType type, ObjectKey key, String uid, @Nullable Long graceSeconds) {
        try {
            api.delete(
                    type,
                    key.namespace(),
                    key.name(),
                    new DeleteOptions(uid, null, Propagation.BACKGROUND, graceSeconds));
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 409) {
                throw e;
            }
        }
    }
}
