package run.clawcloud.block.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.Controllers;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.DeleteOptions;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.controllers.ControllerManager;
import run.clawcloud.block.kubesim.controllers.ControllerOptions;
import run.clawcloud.block.kubesim.http.Faults;
import run.clawcloud.block.kubesim.http.RequestCounters;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.LabelSelector;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Snapshot;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An embedded cluster and the people in it. They do not go through HTTP: nothing of theirs is counted or struck by a
 * fault. What comes over HTTP is the controllers' alone.
 */
final class World implements AutoCloseable {

    /** Where the BlockRequests lie. */
    static final String REQUESTS = "requests";

    /** Events of each type that can be had again: room for many worlds in one process. */
    private static final int HISTORY = 1 << 12;

    private static final Caller PEOPLE = new Caller("kubectl");

    /** A pod that a quota kept back is tried again soon once the quota is gone. */
    private static final ControllerOptions PROMPT =
            new ControllerOptions(false, Duration.ofMillis(5), Duration.ofMillis(100), 2);

    private final KubeSim cluster;
    private final Path kubeconfig;
    private volatile @Nullable Thread restoring;

    private World(KubeSim cluster, Path kubeconfig) {
        this.cluster = cluster;
        this.kubeconfig = kubeconfig;
    }

    /** With BlockRequests, and with the controllers of an ordinary cluster. */
    static World open() {
        return open(List.of(ControllerManager.of(InstantSource.system(), PROMPT)));
    }

    /**
     * With BlockRequests.
     *
     * @param controllers what runs behind the API
     */
    static World open(List<Controllers> controllers) {
        KubeSim cluster = KubeSim.start(SimOptions.defaults()
                .withPodStartDelay(Duration.ZERO)
                .withHistory(HISTORY)
                .withControllers(controllers)
                .withCrds(List.of(Definition.text())));
        try {
            Path kubeconfig = Files.createTempFile("torture", ".kubeconfig");
            Files.writeString(kubeconfig, cluster.kubeconfig());
            World world = new World(cluster, kubeconfig);
            world.namespace(REQUESTS);
            return world;
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException(e);
        }
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    Faults faults() {
        return cluster.faults();
    }

    Snapshot snapshot() {
        return cluster.snapshot();
    }

    /** Etcd is restored from that backup. */
    void restore(Snapshot backup) {
        restoring = Thread.currentThread();
        cluster.restore(backup);
        restoring = null;
    }

    /** Whether what a listener hears at this moment is nobody's deed but the restoration's. */
    boolean restoring() {
        return Thread.currentThread().equals(restoring);
    }

    RequestCounters counters() {
        return cluster.requests();
    }

    ClusterApi api() {
        return cluster.api();
    }

    /** Makes a namespace and waits for what every namespace gets. */
    void namespace(String name) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        api().create(Kinds.NAMESPACES, "", namespace, PEOPLE);
    }

    void create(ResourceType type, String namespace, String json) {
        api().create(type, namespace, (ObjectNode) Json.parse(json), PEOPLE);
    }

    /** Changes an object; false when it is not there or must not be changed so. */
    boolean change(ResourceType type, String namespace, String name, Consumer<ObjectNode> edit) {
        try {
            api().modify(type, namespace, name, Subresource.NONE, PEOPLE, object -> {
                edit.accept(object);
                return object;
            });
            return true;
        } catch (ApiException _) {
            return false;
        }
    }

    /** Deletes an object; false when it is not there or must not be deleted. */
    boolean delete(ResourceType type, String namespace, String name) {
        try {
            api().delete(type, namespace, name, DeleteOptions.BACKGROUND);
            return true;
        } catch (ApiException _) {
            return false;
        }
    }

    /** Sets the switch of a namespace; null takes it away. */
    boolean status(String namespace, @Nullable String value) {
        return label(namespace, Names.STATUS_LABEL, value);
    }

    boolean label(String namespace, String key, @Nullable String value) {
        return change(Kinds.NAMESPACES, "", namespace, object -> set(object, "labels", key, value));
    }

    boolean annotate(String namespace, String key, @Nullable String value) {
        return change(Kinds.NAMESPACES, "", namespace, object -> set(object, "annotations", key, value));
    }

    /** Sets a label or an annotation of an object; null takes it away. */
    static void set(ObjectNode object, String map, String key, @Nullable String value) {
        ObjectNode entries = Json.child(Json.child(object, "metadata"), map);
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value);
        }
    }

    /** Makes a BlockRequest. */
    void request(String name, String spec) {
        create(requests(), REQUESTS, """
                {"apiVersion":"%s/%s","kind":"BlockRequest","metadata":{"name":"%s"},"spec":%s}""".formatted(Names.GROUP, Names.VERSION, name, spec));
    }

    /** Whether a BlockRequest is carried out, as its status says. */
    boolean applied(String request) {
        ObjectNode found = find(requests(), REQUESTS, request);
        return found != null
                && found.path("status")
                        .path("conditions")
                        .valueStream()
                        .map(condition -> condition.path("reason"))
                        .map(JsonNode::asString)
                        .anyMatch("Applied"::equals);
    }

    ResourceType requests() {
        return Objects.requireNonNull(api().types().find(Names.GROUP, Names.VERSION, "blockrequests"));
    }

    List<StoredObject> list(ResourceType type, @Nullable String namespace) {
        return api().list(type, namespace, LabelSelector.EVERYTHING);
    }

    /** An object as it is; null when there is none. */
    @Nullable
    ObjectNode find(ResourceType type, String namespace, String name) {
        StoredObject found = api().find(type, namespace, name);
        return found == null ? null : found.tree();
    }

    @Nullable
    ObjectNode find(String namespace) {
        return find(Kinds.NAMESPACES, "", namespace);
    }

    /** A label of a namespace; empty when there is none or no such namespace. */
    String label(String namespace, String key) {
        ObjectNode found = find(namespace);
        return found == null ? "" : text(found, "labels", key);
    }

    /** A label or an annotation; empty when there is none. */
    static String text(JsonNode object, String map, String key) {
        return object.path("metadata").path(map).path(key).asString("");
    }

    @Override
    public void close() {
        cluster.close();
        try {
            Files.deleteIfExists(kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
