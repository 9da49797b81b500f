package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Quotas;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/** Keeps {@code status.hard} and {@code status.used} of a namespace's quotas: its name is the key. */
final class QuotaController implements Reconciler {

    private final Cluster cluster;
    private final Quotas quotas;

    QuotaController(Cluster cluster, Quotas quotas) {
        this.cluster = cluster;
        this.quotas = quotas;
    }

    @Override
    public @Nullable Duration reconcile(ObjectKey key) {
        for (StoredObject stored : quotas.of(key.namespace())) {
            ObjectNode quota = stored.tree();
            ObjectNode status = Json.object();
            ObjectNode hard = status.putObject("hard");
            Meta.strings(quota.path("spec").path("hard")).forEach(hard::put);
            ObjectNode used = status.putObject("used");
            quotas.used(stored, Quotas.hard(quota).keySet())
                    .forEach((name, quantity) -> used.put(name, quantity.toString()));
            cluster.writeStatus(Kinds.RESOURCE_QUOTAS, quota, status);
        }
        return null;
    }
}
