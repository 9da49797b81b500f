package run.clawcloud.block.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Latencies;
import tools.jackson.databind.JsonNode;

/**
 * Somebody deletes the quotas of locked namespaces, one after the other: how long each is away, from the request that
 * deletes it until a watch tells of the new one.
 */
public final class QuotaDrift implements AutoCloseable {
    private static final String QUOTAS = "/api/v1/resourcequotas";
    private static final String OURS =
            "labelSelector=" + URLEncoder.encode(Names.MANAGED_BY_LABEL + "=" + Names.MANAGED_BY, UTF_8);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Made(String namespace, long nanos) {}

    private final Api api;
    private final LinkedBlockingQueue<Made> made = new LinkedBlockingQueue<>();
    private final List<String> namespaces = new ArrayList<>();
    private final Thread watch;

    /** Finds the quotas that there are, and watches them from then on. */
    public QuotaDrift(Api api) throws InterruptedException {
        this.api = api;
        String version = api.list(QUOTAS, OURS, quota -> namespaces.add(namespace(quota)));
        watch = Thread.ofVirtual().name("quota-watch").start(() -> follow(version));
    }

    /** Deletes as many quotas, or all if there are fewer, from all over the list. */
    public Latencies delete(int count) throws InterruptedException {
        List<Duration> away = new ArrayList<>();
        int stride = Math.max(1, namespaces.size() / count);
        for (int i = 0; i < namespaces.size() && away.size() < count; i += stride) {
            long start = System.nanoTime();
            api.delete(Api.namespace(namespaces.get(i)) + "/resourcequotas/" + Names.QUOTA);
            away.add(Duration.ofNanos(awaitNext(namespaces.get(i)) - start));
        }
        return new Latencies(away);
    }

    private long awaitNext(String namespace) throws InterruptedException {
        while (true) {
            Made next = made.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new HarnessException(
                        "the quota of " + namespace + " is not back after " + PATIENCE.toSeconds() + " s");
            }
            if (next.namespace().equals(namespace)) {
                return next.nanos();
            }
        }
    }

    private void follow(String version) {
        try {
            api.watch(QUOTAS, OURS + "&resourceVersion=" + version, event -> {
                if (event.path("type").asString("").equals("ADDED")) {
                    made.add(new Made(namespace(event.path("object")), System.nanoTime()));
                }
                return true;
            });
        } catch (IOException e) {
            // Nothing more is heard, and whoever waits says so.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String namespace(JsonNode quota) {
        return quota.path("metadata").path("namespace").asString("");
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
