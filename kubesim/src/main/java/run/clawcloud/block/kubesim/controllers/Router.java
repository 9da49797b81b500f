package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import run.clawcloud.block.kubesim.store.WatchEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says which objects an event gives cause to look at. Used by one thread. */
final class Router {

    /** So that one look at a namespace serves many events in it. */
    private static final Duration GATHER = Duration.ofMillis(50);

    /** The same for what costs more or hurries less: pods own next to nothing, and quotas count afresh when asked. */
    private static final Duration GATHER_MORE = Duration.ofSeconds(1);

    private static final byte[] SUCCEEDED = Bytes.text("\"phase\":\"Succeeded\"");
    private static final byte[] FAILED = Bytes.text("\"phase\":\"Failed\"");
    private static final byte[] RUN_SECONDS = Bytes.field(PodEnds.RUN_SECONDS);

    /** The types whose objects are reconciled, and the types of what they own. */
    private static final Map<ResourceType, List<ResourceType>> OWNERS = Map.of(
            Kinds.PODS,
            List.of(
                    Kinds.REPLICA_SETS,
                    Kinds.REPLICATION_CONTROLLERS,
                    Kinds.STATEFUL_SETS,
                    Kinds.DAEMON_SETS,
                    Kinds.JOBS),
            Kinds.REPLICA_SETS,
            List.of(Kinds.DEPLOYMENTS),
            Kinds.JOBS,
            List.of(Kinds.CRON_JOBS));

    private final Cluster cluster;
    private final Queues queues;
    private final NamespaceController namespaces;
    private final GarbageCollector garbage;

    Router(Cluster cluster, Queues queues, NamespaceController namespaces, GarbageCollector garbage) {
        this.cluster = cluster;
        this.queues = queues;
        this.namespaces = namespaces;
        this.garbage = garbage;
    }

    void route(WatchEvent event) {
        StoredObject object = event.object();
        ResourceType type = object.type();
        boolean deleted = event.kind() == WatchEvent.Kind.DELETED;
        WorkQueue own = queues.byType().get(type);
        if (own != null && !deleted) {
            own.add(object.key());
        }
        if (OWNERS.containsKey(type)) {
            routeToOwner(event);
        }
        if (type.equals(Kinds.PODS) && !deleted) {
            if (Bytes.contain(object.json(), RUN_SECONDS)) {
                queues.podEnds().add(object.key());
            }
        } else if (type.equals(Kinds.NODES)) {
            routeNode();
        } else if (type.equals(Kinds.RESOURCE_QUOTAS)) {
            routeQuota(event);
        } else if (type.equals(Kinds.NAMESPACES)) {
            routeNamespace(event);
        }
        if (type.namespaced()) {
            routeWithinNamespace(event);
        }
    }

    private void routeToOwner(WatchEvent event) {
        StoredObject object = event.object();
        ObjectNode tree = object.tree();
        Meta.Owner owner = Meta.controller(tree);
        if (owner != null) {
            add(object, owner);
            return;
        }
        Meta.Owner before = event.previous() == null
                ? null
                : Meta.controller(event.previous().tree());
        if (before != null) {
            add(object, before);
        }
        boolean free = event.kind() == WatchEvent.Kind.ADDED || before != null;
        if (free && !Meta.deleting(tree)) {
            offerForAdoption(object);
        }
    }

    private void add(StoredObject object, Meta.Owner owner) {
        for (ResourceType type : OWNERS.getOrDefault(object.type(), List.of())) {
            WorkQueue queue = queues.byType().get(type);
            if (queue != null && type.kind().equals(owner.kind())) {
                queue.add(new ObjectKey(object.namespace(), owner.name()));
            }
        }
    }

    /** Whoever selects it will take it. */
    private void offerForAdoption(StoredObject object) {
        for (ResourceType type : OWNERS.getOrDefault(object.type(), List.of())) {
            WorkQueue queue = queues.byType().get(type);
            if (queue != null && !type.equals(Kinds.CRON_JOBS)) {
                cluster.list(type, object.namespace()).forEach(owner -> queue.add(owner.key()));
            }
        }
    }

    private void routeNode() {
        WorkQueue daemonSets = queues.byType().get(Kinds.DAEMON_SETS);
        if (daemonSets != null) {
            cluster.list(Kinds.DAEMON_SETS, null).forEach(set -> daemonSets.add(set.key()));
        }
    }

    /** A quota that changes may let in what it refused. */
    private void routeQuota(WatchEvent event) {
        if (event.kind() != WatchEvent.Kind.ADDED && isAnother(event)) {
            queues.all().forEach(queue -> queue.retryNow(event.object().namespace()));
        }
    }

    /** Whether a quota is new or gone, or limits other things than before. */
    private static boolean isAnother(WatchEvent event) {
        return event.kind() != WatchEvent.Kind.MODIFIED
                || event.previous() == null
                || !spec(event.previous()).equals(spec(event.object()));
    }

    private static JsonNode spec(StoredObject object) {
        return object.tree().path("spec");
    }

    private void routeNamespace(WatchEvent event) {
        String name = event.object().name();
        if (event.kind() == WatchEvent.Kind.ADDED) {
            queues.namespaceContent().add(Queues.inside(name));
        } else if (event.kind() == WatchEvent.Kind.MODIFIED
                && Bytes.contain(event.object().json(), Bytes.DELETION_TIMESTAMP)) {
            queues.namespaces().add(event.object().key());
        }
    }

    private void routeWithinNamespace(WatchEvent event) {
        StoredObject object = event.object();
        String namespace = object.namespace();
        boolean going = Bytes.contain(object.json(), Bytes.DELETION_TIMESTAMP);
        switch (event.kind()) {
            case ADDED -> {
                if (orphaned(object)) {
                    queues.garbage().addAfter(Queues.inside(namespace), GATHER);
                }
            }
            case MODIFIED -> {
                if (going && waitsForGarbageCollection(object)) {
                    queues.garbage().addAfter(Queues.inside(namespace), GATHER);
                }
            }
            case DELETED -> {
                Duration soon = object.type().equals(Kinds.PODS) ? GATHER_MORE : GATHER;
                queues.garbage().addAfter(Queues.inside(namespace), soon);
                if (namespaces.waitsFor(namespace)) {
                    queues.namespaces().addAfter(new ObjectKey("", namespace), GATHER);
                }
                if (belongsToNamespace(object)) {
                    queues.namespaceContent().add(Queues.inside(namespace));
                }
            }
        }
        if (changesUse(event)) {
            Duration soon = object.type().equals(Kinds.RESOURCE_QUOTAS) ? GATHER : GATHER_MORE;
            queues.quotas().addAfter(Queues.inside(namespace), soon);
        }
    }

    /** Whether a quota may now be used more or less, or is another one. */
    private static boolean changesUse(WatchEvent event) {
        StoredObject object = event.object();
        if (event.kind() != WatchEvent.Kind.MODIFIED) {
            return true;
        }
        if (object.type().equals(Kinds.RESOURCE_QUOTAS)) {
            return isAnother(event);
        }
        if (object.type().equals(Kinds.PODS)) {
            return Bytes.contain(object.json(), SUCCEEDED) || Bytes.contain(object.json(), FAILED);
        }
        return object.type().equals(Kinds.SERVICES) || object.type().equals(Kinds.PERSISTENT_VOLUME_CLAIMS);
    }

    private static boolean waitsForGarbageCollection(StoredObject object) {
        for (JsonNode finalizer : object.tree().path("metadata").path("finalizers")) {
            if (Set.of(GarbageCollector.FOREGROUND, GarbageCollector.ORPHAN).contains(finalizer.asString(""))) {
                return true;
            }
        }
        return false;
    }

    /** Whether its owner went before it came. */
    private boolean orphaned(StoredObject object) {
        if (!Bytes.contain(object.json(), Bytes.OWNER_REFERENCES)) {
            return false;
        }
        for (JsonNode reference : object.tree().path("metadata").path("ownerReferences")) {
            if (!garbage.exists(Meta.Owner.of(reference), object.namespace())) {
                return true;
            }
        }
        return false;
    }

    private static boolean belongsToNamespace(StoredObject object) {
        String name = object.type().equals(Kinds.SERVICE_ACCOUNTS)
                ? NamespaceContent.SERVICE_ACCOUNT
                : NamespaceContent.ROOT_CA;
        return (object.type().equals(Kinds.SERVICE_ACCOUNTS) || object.type().equals(Kinds.CONFIG_MAPS))
                && object.name().equals(name);
    }

    /**
     * The queues.
     *
     * @param byType those of controllers that look at objects of one type
     * @param namespaces keys are namespaces, as those of all that follow are {@link #inside} one
     */
    record Queues(
            Map<ResourceType, WorkQueue> byType,
            WorkQueue podEnds,
            WorkQueue namespaces,
            WorkQueue namespaceContent,
            WorkQueue garbage,
            WorkQueue quotas) {

        /** The key of all that is in a namespace. */
        static ObjectKey inside(String namespace) {
            return new ObjectKey(namespace, "");
        }

        List<WorkQueue> all() {
            List<WorkQueue> all = new ArrayList<>(byType.values());
            all.addAll(List.of(podEnds, namespaces, namespaceContent, garbage, quotas));
            return all;
        }
    }
}
