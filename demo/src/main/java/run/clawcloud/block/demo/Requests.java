package run.clawcloud.block.demo;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * How many requests the API server has had from the controller, as the server counted them.
 *
 * @param counts by verb and resource, as in {@code patch deployments}
 */
record Requests(SortedMap<String, Long> counts) {
    static final Requests NONE = new Requests(new TreeMap<>());

    /** Asks the embedded cluster. */
    static Requests ofController(Api api) throws InterruptedException {
        return ofController(api.get("/kubesim/requests"));
    }

    /** Those of the controller in {@code {"byUserAgent": {"block-controller/1": {"patch deployments": 3}}}}. */
    static Requests ofController(JsonNode counters) {
        SortedMap<String, Long> counts = new TreeMap<>();
        counters.path("byUserAgent").forEachEntry((agent, requests) -> {
            if (isController(agent)) {
                requests.forEachEntry((request, count) -> counts.merge(request, count.asLong(), Long::sum));
            }
        });
        return new Requests(counts);
    }

    private static boolean isController(String userAgent) {
        return userAgent.startsWith("block-controller") && !userAgent.startsWith(Api.USER_AGENT);
    }

    /** The requests since {@code earlier}. */
    Requests since(Requests earlier) {
        SortedMap<String, Long> difference = new TreeMap<>();
        counts.forEach((key, count) -> {
            long more = count - earlier.counts.getOrDefault(key, 0L);
            if (more != 0) {
                difference.put(key, more);
            }
        });
        return new Requests(difference);
    }

    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** All but those that report: a lock's cost is counted without its Event. */
    long withoutEvents() {
        return counts.entrySet().stream()
                .filter(entry -> !entry.getKey().endsWith(" events"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
