package run.clawcloud.block.bench.cluster;

import java.util.List;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import tools.jackson.databind.node.ObjectNode;

/** The quota of a locked namespace. */
final class Quota {
    private static final List<String> CLOSED = List.of(
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
            "limits.memory");

    private Quota() {}

    /** The path of a namespace's quotas. */
    static String list(String namespace) {
        return Api.namespace(namespace) + "/resourcequotas";
    }

    /** @param manager who is told to have made it */
    static ObjectNode of(String manager) {
        ObjectNode quota = Api.JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ResourceQuota");
        ObjectNode metadata = quota.putObject("metadata").put("name", Names.QUOTA);
        metadata.putObject("labels").put(Names.MANAGED_BY_LABEL, manager);
        ObjectNode hard = quota.withObject("/spec/hard");
        CLOSED.forEach(resource -> hard.put(resource, "0"));
        return quota;
    }
}
