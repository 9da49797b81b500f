package run.clawcloud.block.bench.cluster;

import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.state.LockQuota;
import tools.jackson.databind.node.ObjectNode;

/** The quota of a locked namespace. */
final class Quota {
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
        LockQuota.of(false).hard().forEach(hard::put);
        return quota;
    }
}
