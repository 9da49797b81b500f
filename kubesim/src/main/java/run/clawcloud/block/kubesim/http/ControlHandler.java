package run.clawcloud.block.kubesim.http;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.Snapshot;
import run.clawcloud.block.kubesim.store.Store;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a real server does not have, below {@code /kubesim}: counted requests, faults, compaction, a backup of etcd and
 * its restoration. Itself not counted.
 */
final class ControlHandler {

    private final Store store;
    private final Consumer<Snapshot> restore;
    private final RequestCounters counters;
    private final Faults faults;
    private final AtomicReference<@Nullable Snapshot> backup = new AtomicReference<>();

    /** @param restore takes the cluster back in time */
    ControlHandler(Store store, RequestCounters counters, Faults faults, Consumer<Snapshot> restore) {
        this.store = store;
        this.restore = restore;
        this.counters = counters;
        this.faults = faults;
    }

    void handle(Exchange exchange, List<String> path) {
        String request = exchange.method() + " " + String.join("/", path.subList(1, path.size()));
        ObjectNode answer = switch (request) {
            case "GET requests" -> counters.toJson();
            case "DELETE requests" -> {
                counters.reset();
                yield counters.toJson();
            }
            case "GET faults" -> faults.toJson();
            case "PUT faults" -> {
                faults.set(exchange.json());
                yield faults.toJson();
            }
            case "DELETE faults" -> {
                faults.clear();
                yield faults.toJson();
            }
            case "POST compact" -> {
                store.compact();
                yield version();
            }
            case "POST snapshot" -> {
                backup.set(store.snapshot());
                yield version();
            }
            case "POST restore" -> {
                Snapshot snapshot = backup.get();
                if (snapshot == null) {
                    throw ApiException.badRequest("there is no snapshot: POST /kubesim/snapshot makes one");
                }
                restore.accept(snapshot);
                yield version();
            }
            default -> throw ApiException.noSuchPath();
        };
        exchange.send(200, answer);
    }

    private ObjectNode version() {
        return Json.object().put("resourceVersion", Long.toString(store.resourceVersion()));
    }
}
