package run.clawcloud.block.kubesim.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.DeleteOptions;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.kubelet.Kubelet;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.LabelSelector;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Seed;
import run.clawcloud.block.kubesim.store.Store;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A cluster with one node, one namespace {@code t} and all controllers, for a test to use through the API. */
final class Cloud implements AutoCloseable {

    static final String NS = "t";
    private static final Caller CLIENT = new Caller("test");

    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T10:00:30Z"));
    final ClusterApi api;
    final ControllerManager controllers;
    private final Kubelet kubelet;

    Cloud() {
        this(ControllerOptions.defaults());
    }

    Cloud(ControllerOptions options) {
        InstantSource time = now::get;
        api = new ClusterApi(new Store(Seed.NONE, 10_000), time);
        kubelet = new Kubelet(api, time, Duration.ZERO);
        controllers = ControllerManager.start(api, () -> Kinds.BUILT_IN, time, options);
        create(Kinds.NODES, "", "{'metadata':{'name':'node-1'}}");
        create(Kinds.NAMESPACES, "", "{'metadata':{'name':'t'}}");
        settle();
    }

    /** Waits until the controllers have worked off all that has happened. */
    void settle() {
        await().pollInterval(Duration.ofMillis(2)).until(controllers::idle);
    }

    /** @param json with single quotes */
    ObjectNode create(ResourceType type, String namespace, String json) {
        ObjectNode object = (ObjectNode) Json.parse(json.replace('\'', '"'));
        return api.create(type, namespace, object, CLIENT).tree();
    }

    ObjectNode create(ResourceType type, String json) {
        return create(type, NS, json);
    }

    /** A workload whose pods carry the label {@code app} with its name. */
    ObjectNode workload(ResourceType type, String name, String spec) {
        return create(type, """
                {'metadata':{'name':'NAME','labels':{'of':'NAME'}},'spec':{SPEC,
                 'selector':{'matchLabels':{'app':'NAME'}},
                 'template':{'metadata':{'labels':{'app':'NAME'}},'spec':{'containers':[{'name':'c','image':'i:1'}]}}}}
                """.replace("NAME", name).replace("SPEC", spec));
    }

    ObjectNode get(ResourceType type, String name) {
        return api.get(type, type.namespaced() ? NS : "", name).tree();
    }

    @Nullable
    StoredObject find(ResourceType type, String name) {
        return api.find(type, type.namespaced() ? NS : "", name);
    }

    List<ObjectNode> list(ResourceType type) {
        return api.list(type, NS, LabelSelector.EVERYTHING).stream()
                .map(StoredObject::tree)
                .toList();
    }

    /** The pods of an {@code app} that are not being deleted. */
    List<ObjectNode> pods(String app) {
        return list(Kinds.PODS).stream()
                .filter(pod -> app.equals(Meta.labels(pod).get("app")))
                .filter(pod -> !Meta.deleting(pod))
                .toList();
    }

    void awaitPods(String app, int count) {
        await().untilAsserted(() -> assertThat(pods(app)).hasSize(count).allMatch(Pods::ready));
        settle();
    }

    void edit(ResourceType type, String name, Consumer<ObjectNode> change) {
        edit(type, name, Subresource.NONE, change);
    }

    void edit(ResourceType type, String name, Subresource part, Consumer<ObjectNode> change) {
        var _ = api.modify(type, type.namespaced() ? NS : "", name, part, CLIENT, object -> {
            change.accept(object);
            return object;
        });
    }

    void scale(ResourceType type, String name, int replicas) {
        edit(type, name, object -> Json.child(object, "spec").put("replicas", replicas));
    }

    void suspend(ResourceType type, String name, boolean suspend) {
        edit(type, name, object -> Json.child(object, "spec").put("suspend", suspend));
    }

    void delete(ResourceType type, String name) {
        var _ = api.delete(type, type.namespaced() ? NS : "", name, DeleteOptions.BACKGROUND);
    }

    void lockOut() {
        create(
                Kinds.RESOURCE_QUOTAS,
                "{'metadata':{'name':'lock'},'spec':{'hard':{'pods':'0','services':'0','configmaps':'0'}}}");
    }

    /** Every object of the namespace, without what any write changes. */
    SortedMap<String, JsonNode> everything() {
        SortedMap<String, JsonNode> everything = new TreeMap<>();
        for (ResourceType type : Kinds.BUILT_IN) {
            if (type.namespaced()) {
                for (ObjectNode object : list(type)) {
                    String name = type.qualifiedName() + "/" + Meta.name(object);
                    Json.child(object, "metadata").remove(List.of("resourceVersion", "generation", "managedFields"));
                    Json.child(object, "status").remove(List.of("observedGeneration", "conditions"));
                    everything.put(name, object);
                }
            }
        }
        return everything;
    }

    @Override
    public void close() {
        controllers.close();
        kubelet.close();
    }
}
