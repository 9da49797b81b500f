package run.clawcloud.block.bench.cluster;

import java.time.Duration;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The scope of all namespaces, which the controller takes while there is a BlockRequest with a selector. The request
 * made here selects none, so that nothing is locked by it.
 */
public final class WideScope {
    private static final String LIST =
            "/apis/" + Names.GROUP + "/" + Names.VERSION + "/namespaces/default/blockrequests";
    private static final String NAME = "bench-selects-none";
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /** After the request is gone: the scope is narrow again. */
    private static final Duration CALM = Duration.ofSeconds(2);

    private final TestBed bed;

    public WideScope(TestBed bed) {
        this.bed = bed;
    }

    /**
     * Makes the request, waits until the controller has found out about all namespaces, and takes it away.
     *
     * @return how long it took the controller to say that the request is fulfilled
     */
    public Duration widen() throws InterruptedException {
        ObjectNode request = Api.JSON.createObjectNode();
        request.put("apiVersion", Names.GROUP + "/" + Names.VERSION).put("kind", "BlockRequest");
        request.putObject("metadata").put("name", NAME);
        request.withObject("/spec").put("action", Names.LOCKED);
        request.withObject("/spec/namespaceSelector/matchLabels").put(BenchNamespaces.RUN_LABEL, "none");
        long start = System.nanoTime();
        bed.api().create(LIST, request);
        while (!isReady(bed.api().get(LIST + "/" + NAME))) {
            if (System.nanoTime() - start > TIMEOUT.toNanos()) {
                throw new HarnessException(
                        "the BlockRequest " + NAME + " was not Ready within " + TIMEOUT.toMinutes() + " minutes");
            }
            Thread.sleep(LOOK);
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        bed.api().delete(LIST + "/" + NAME);
        while (bed.api().find(LIST + "/" + NAME).isPresent()) {
            Thread.sleep(LOOK);
        }
        Thread.sleep(CALM);
        return taken;
    }

    private static boolean isReady(JsonNode request) {
        return request.path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("type").asString("").equals(BlockRequestStatus.READY)
                        && condition.path("status").asString("").equals("True"));
    }
}
