package run.clawcloud.block.kubesim.crd;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.CustomType;
import run.clawcloud.block.kubesim.api.DeleteOptions;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.LabelSelector;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import run.clawcloud.block.kubesim.store.Subscription;
import run.clawcloud.block.kubesim.store.WatchEvent;
import run.clawcloud.block.kubesim.store.Yaml;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serves what CustomResourceDefinitions define. A thread of its own follows them: it accepts names, begins to serve,
 * says so in the condition Established, and when a definition is deleted takes its objects away before it lets it go.
 */
public final class Definitions implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Definitions.class.getName());

    private final ClusterApi api;
    private final DefinitionWriter writer;
    private final Supplier<RuleEngine> engine = new OnDemand();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("definitions").factory());
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    /** What is served now, by the name of the definition; the worker's own. */
    private final Map<String, Serving> serving = new HashMap<>();

    private final Subscription subscription;

    /** The definition as it was when this was begun, and the subscription to the objects while it is deleted. */
    private record Serving(
            JsonNode basis,
            List<CustomType> types,
            @Nullable Subscription objects) {}

    /** The library is loaded by the first definition that has rules, and by no other. */
    private static final class OnDemand implements Supplier<RuleEngine> {

        private @Nullable RuleEngine engine;

        @Override
        public synchronized RuleEngine get() {
            RuleEngine made = engine == null ? new CelEngine() : engine;
            engine = made;
            return made;
        }
    }

    /** Begins to serve CustomResourceDefinitions, of which there are none yet. */
    public Definitions(ClusterApi api, InstantSource time) {
        this.api = api;
        this.writer = new DefinitionWriter(api, time);
        api.types().add(Kinds.CUSTOM_RESOURCE_DEFINITIONS, new DefinitionRules(engine, time));
        subscription = api.watch(Kinds.CUSTOM_RESOURCE_DEFINITIONS, this::heed);
    }

    /**
     * Creates the definitions in a YAML or JSON text and waits until they are served. Other objects are left out.
     *
     * @throws ApiException when one is refused
     * @throws IllegalArgumentException when the text can't be read, or the names of one are taken
     */
    public void install(String text) {
        List<JsonNode> documents;
        try {
            documents = Yaml.documents(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no YAML: " + e.getOriginalMessage(), e);
        }
        for (JsonNode document : documents) {
            ResourceType type = Kinds.CUSTOM_RESOURCE_DEFINITIONS;
            if (document instanceof ObjectNode definition
                    && type.kind().equals(definition.path("kind").asString(""))) {
                String name = api.create(type, "", definition, DefinitionWriter.APISERVER)
                        .name();
                await(name);
            }
        }
    }

    private void await(String name) {
        CompletableFuture.runAsync(() -> reconcile(name), worker).join();
        JsonNode status =
                api.get(Kinds.CUSTOM_RESOURCE_DEFINITIONS, "", name).tree().path("status");
        if (!Conditions.isTrue(status, "Established")) {
            throw new IllegalArgumentException(name + " is not established: " + status.path("conditions"));
        }
    }

    /** Runs on the writing thread. */
    private void heed(WatchEvent event) {
        lookAt(event.object().name());
    }

    private void lookAt(String name) {
        if (waiting.add(name)) {
            try {
                worker.execute(() -> {
                    waiting.remove(name);
                    reconcile(name);
                });
            } catch (RejectedExecutionException _) {
                // Closed: nobody is served any more.
            }
        }
    }

    private void reconcile(String name) {
        try {
            StoredObject definition = api.find(Kinds.CUSTOM_RESOURCE_DEFINITIONS, "", name);
            if (definition == null) {
                end(name);
            } else if (definition.tree().path("metadata").has("deletionTimestamp")) {
                takeAway(name, definition.tree());
            } else {
                establish(name, definition.tree());
            }
        } catch (RuntimeException e) {
            // Gone while it was looked at: another event comes, or has come.
            if (!(e instanceof ApiException refusal && refusal.code() == 404)) {
                LOG.log(Level.ERROR, "CustomResourceDefinition " + name, e);
            }
        }
    }

    private void establish(String name, ObjectNode definition) {
        AcceptedNames names = AcceptedNames.decide(definition.path("spec").path("names"), others(name, definition));
        writer.status(name, status -> {
            status.set("acceptedNames", names.names());
            writer.set(status, names.verdict());
            if (!names.verdict().is() && !Conditions.isTrue(status, "Established")) {
                writer.set(
                        status,
                        new Conditions.Condition("Established", false, "NotAccepted", "not all names are accepted"));
            }
        });
        ObjectNode now = api.get(Kinds.CUSTOM_RESOURCE_DEFINITIONS, "", name).tree();
        if (!names.verdict().is() && !Conditions.isTrue(now.path("status"), "Established")) {
            return;
        }
        serve(name, now);
        writer.status(name, status -> {
            if (!Conditions.isTrue(status, "Established")) {
                writer.set(
                        status,
                        new Conditions.Condition(
                                "Established", true, "InitialNamesAccepted", "the initial names have been accepted"));
            }
        });
    }

    private List<JsonNode> others(String name, JsonNode definition) {
        List<JsonNode> others = new ArrayList<>();
        for (StoredObject other : all()) {
            ObjectNode tree = other.tree();
            boolean sameGroup = tree.path("spec")
                    .path("group")
                    .equals(definition.path("spec").path("group"));
            if (sameGroup && !other.name().equals(name)) {
                others.add(tree.path("status").path("acceptedNames"));
            }
        }
        return others;
    }

    private List<StoredObject> all() {
        return api.list(Kinds.CUSTOM_RESOURCE_DEFINITIONS, null, LabelSelector.EVERYTHING);
    }

    private void serve(String name, ObjectNode definition) {
        ObjectNode basis = Json.object();
        basis.set("spec", definition.path("spec"));
        basis.set("names", definition.path("status").path("acceptedNames"));
        basis.put("terminating", definition.path("metadata").has("deletionTimestamp"));
        Serving before = serving.get(name);
        if (before != null && before.basis().equals(basis)) {
            return;
        }
        ResourceType store = before == null ? null : before.types().getFirst().stored();
        List<CustomType> types = ServedVersions.of(definition, store, engine);
        List<CustomType> served =
                types.stream().filter(ServedVersions::isServed).toList();
        if (before != null) {
            before.types().stream()
                    .map(CustomType::type)
                    .filter(type -> served.stream().noneMatch(now -> now.type().equals(type)))
                    .forEach(this::remove);
        }
        CustomType first = types.getFirst();
        api.store().retype(first.stored());
        api.types()
                .know(new CustomType(
                        first.stored(), first.stored(), first.rules(), first.version(), first.terminating()));
        served.forEach(api.types()::serve);
        serving.put(name, new Serving(basis, types, before == null ? null : before.objects()));
    }

    private void remove(ResourceType type) {
        api.types().remove(type);
        api.store().endWatches(type);
    }

    private void takeAway(String name, ObjectNode definition) {
        Serving served = serving.get(name);
        if (served == null) {
            writer.release(name);
            return;
        }
        serve(name, definition);
        ResourceType stored = served.types().getFirst().stored();
        if (served.objects() == null) {
            Subscription objects = api.watch(stored, event -> {
                if (event.kind() == WatchEvent.Kind.DELETED) {
                    lookAt(name);
                }
            });
            Serving now = serving.getOrDefault(name, served);
            serving.put(name, new Serving(now.basis(), now.types(), objects));
            writer.terminating(name, true, "InstanceDeletionInProgress", "CustomResource deletion is in progress");
        }
        if (!empty(stored)) {
            return;
        }
        writer.terminating(name, false, "InstanceDeletionCompleted", "removed all instances");
        end(name);
        writer.release(name);
    }

    /** Deletes what is there, and returns whether nothing is left. */
    private boolean empty(ResourceType type) {
        for (StoredObject object : api.list(type, null, LabelSelector.EVERYTHING)) {
            if (!object.tree().path("metadata").has("deletionTimestamp")) {
                try {
                    api.delete(type, object.namespace(), object.name(), DeleteOptions.BACKGROUND);
                } catch (ApiException e) {
                    if (e.code() != 404) {
                        throw e;
                    }
                }
            }
        }
        return api.list(type, null, LabelSelector.EVERYTHING).isEmpty();
    }

    /** Serves it no longer. Another definition may have waited for its names. */
    private void end(String name) {
        Serving served = serving.remove(name);
        if (served != null) {
            if (served.objects() != null) {
                served.objects().close();
            }
            served.types().stream().map(CustomType::type).forEach(this::remove);
        }
        all().stream()
                .map(StoredObject::name)
                .filter(other -> !other.equals(name))
                .forEach(this::lookAt);
    }

    @Override
    public void close() {
        subscription.close();
        worker.shutdownNow();
    }
}
