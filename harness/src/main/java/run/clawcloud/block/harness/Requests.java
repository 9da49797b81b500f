package run.clawcloud.block.harness;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * How many requests the API server has had from one client, as the server counted them.
 *
 * @param counts by verb and resource, as in {@code patch deployments}
 */
public record Requests(SortedMap<String, Long> counts) {
    /** How the controller's user agent begins; its version follows. */
    public static final String CONTROLLER = "block-controller/";

    public static final Requests NONE = new Requests(new TreeMap<>());

    /** Asks the embedded cluster. */
    public static Requests ofController(Api api) throws InterruptedException {
        return of(api, CONTROLLER);
    }

    /** Asks the embedded cluster for those of a user agent that begins so. */
    public static Requests of(Api api, String userAgent) throws InterruptedException {
        return of(api.get("/kubesim/requests"), userAgent);
    }

    /** Those in {@code {"byUserAgent": {"block-controller/1": {"patch deployments": 3}}}}. */
    static Requests of(JsonNode counters, String userAgent) {
        SortedMap<String, Long> counts = new TreeMap<>();
        counters.path("byUserAgent").forEachEntry((agent, requests) -> {
            if (agent.startsWith(userAgent)) {
                requests.forEachEntry((request, count) -> counts.merge(request, count.asLong(), Long::sum));
            }
        });
        return new Requests(counts);
    }

    /** The requests since {@code earlier}. */
    public Requests since(Requests earlier) {
        SortedMap<String, Long> difference = new TreeMap<>();
        counts.forEach((key, count) -> {
            long more = count - earlier.counts.getOrDefault(key, 0L);
            if (more != 0) {
                difference.put(key, more);
            }
        });
        return new Requests(difference);
    }

    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** All but those that report: a lock's cost is counted without its Event. */
    public long withoutEvents() {
        return counts.entrySet().stream()
                .filter(entry -> !entry.getKey().endsWith(" events"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
