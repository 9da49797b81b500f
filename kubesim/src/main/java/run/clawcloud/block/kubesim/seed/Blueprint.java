package run.clawcloud.block.kubesim.seed;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.seed.Tenants.State;
import run.clawcloud.block.kubesim.seed.Tenants.Workloads;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.Query;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.Seed;
import run.clawcloud.block.kubesim.store.Store;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/**
 * What every tenant in one state has: its namespace and the contents of that.
 *
 * @param namespace the namespace itself
 * @param byType its contents
 */
record Blueprint(Template namespace, Map<ResourceType, List<Template>> byType) {

    private static final Caller PLATFORM = new Caller("tenant-operator");
    private static final Caller BLOCK_CONTROLLER = new Caller("block-controller");

    /** Far enough that no lock of a seeded tenant runs out during a test. */
    private static final String UNLOCK_TIMESTAMP = "2099-01-01T00:00:00Z";

    /** Lets the API make one tenant of that state, and takes its objects for templates. */
    static Blueprint draw(State state, Workloads workloads, Instant born) {
        Store scratch = new Store(Seed.NONE, 1);
        ClusterApi api = new ClusterApi(scratch, InstantSource.fixed(born));
        api.create(Kinds.NAMESPACES, "", namespace(state), PLATFORM);
        if (workloads == Workloads.TYPICAL) {
            new TypicalWorkloads(api, state == State.LOCKED).create();
        }
        if (state == State.LOCKED) {
            api.create(Kinds.RESOURCE_QUOTAS, Template.NAMESPACE, quota(), BLOCK_CONTROLLER);
        }
        return templates(scratch);
    }

    private static Blueprint templates(Store scratch) {
        Map<ResourceType, List<StoredObject>> made = new LinkedHashMap<>();
        for (ResourceType type : Kinds.BUILT_IN) {
            made.put(type, scratch.listNow(type, Query.of(null, object -> true)).items());
        }
        Map<String, Integer> slots = new HashMap<>();
        made.values().forEach(objects -> objects.forEach(object -> slots.put(object.uid(), slots.size())));
        if (slots.size() > Tenant.VERSIONS) {
            throw new IllegalStateException(slots.size() + " objects do not fit into " + Tenant.VERSIONS + " slots");
        }
        Map<ResourceType, List<Template>> byType = new HashMap<>();
        made.forEach((type, objects) -> byType.put(
                type, objects.stream().map(object -> Template.of(object, slots)).toList()));
        List<Template> namespaces = new ArrayList<>(byType.getOrDefault(Kinds.NAMESPACES, List.of()));
        byType.remove(Kinds.NAMESPACES);
        return new Blueprint(namespaces.getFirst(), byType);
    }

    List<Template> contents(ResourceType type) {
        return byType.getOrDefault(type, List.of());
    }

    private static ObjectNode namespace(State state) {
        ObjectNode namespace = Json.object();
        ObjectNode metadata = namespace.putObject("metadata").put("name", Template.NAMESPACE);
        ObjectNode labels = metadata.putObject("labels").put("example.com/plan", "standard");
        ObjectNode annotations = metadata.putObject("annotations")
                .put("example.com/owner", Template.NAMESPACE + "@example.com")
                .put("example.com/cost-centre", "4711");
        switch (state) {
            case PLAIN -> {}
            case ACTIVE -> labels.put("clawcloud.run/status", "active");
            case LOCKED -> {
                labels.put("clawcloud.run/status", "locked").put("core.clawcloud.run/applied", "locked");
                annotations.put("clawcloud.run/unlock-timestamp", UNLOCK_TIMESTAMP);
            }
        }
        return namespace;
    }

    private static ObjectNode quota() {
        ObjectNode quota = Json.object();
        quota.putObject("metadata")
                .put("name", "block-controller-quota")
                .putObject("labels")
                .put("app.kubernetes.io/managed-by", "block-controller");
        ObjectNode hard = quota.putObject("spec").putObject("hard");
        List.of(
                        "pods",
                        "services",
                        "replicationcontrollers",
                        "secrets",
                        "configmaps",
                        "persistentvolumeclaims",
                        "services.nodeports",
                        "services.loadbalancers",
                        "requests.cpu",
                        "requests.memory",
                        "limits.cpu",
                        "limits.memory")
                .forEach(resource -> hard.put(resource, "0"));
        return quota;
    }
}
