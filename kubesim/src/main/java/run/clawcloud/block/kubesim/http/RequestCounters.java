package run.clawcloud.block.kubesim.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts requests by verb, resource and user agent, once the whole of them has come in: those struck by a fault too,
 * but none that is broken off in the middle of its body.
 */
public final class RequestCounters {

    private final Map<String, Map<String, LongAdder>> byVerb = new ConcurrentHashMap<>();
    private final Map<String, Map<String, LongAdder>> byAgent = new ConcurrentHashMap<>();

    /** Hears of each request once it has come in, before anything is done. */
    @FunctionalInterface
    public interface Listener {
        void requested(String verb, String resource, String userAgent);
    }

    private volatile Listener listener = (verb, resource, userAgent) -> {};

    /** From now on this one hears, and no other. Called from many threads. */
    public void listen(Listener heard) {
        listener = heard;
    }

    void count(String verb, String resource, String userAgent) {
        add(byVerb, verb, resource);
        add(byAgent, userAgent.split(" ", 2)[0], verb + " " + resource);
        listener.requested(verb, resource, userAgent);
    }

    private static void add(Map<String, Map<String, LongAdder>> counts, String outer, String inner) {
        counts.computeIfAbsent(outer, none -> new ConcurrentHashMap<>())
                .computeIfAbsent(inner, none -> new LongAdder())
                .increment();
    }

    /** How many requests came with that verb (Kubernetes', {@code patch}) for that resource ({@code pods/status}). */
    public long count(String verb, String resource) {
        LongAdder count = byVerb.getOrDefault(verb, Map.of()).get(resource);
        return count == null ? 0 : count.sum();
    }

    /** How many requests came. */
    public long total() {
        return byVerb.values().stream()
                .flatMap(counts -> counts.values().stream())
                .mapToLong(LongAdder::sum)
                .sum();
    }

    /** Begins again from zero. */
    public void reset() {
        byVerb.clear();
        byAgent.clear();
    }

    /** {@code {"total":3,"byVerb":{"list":{"pods":3}},"byUserAgent":{"kubectl/v1.33.1":{"list pods":3}}}}. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object().put("total", total());
        write(byVerb, json.putObject("byVerb"));
        write(byAgent, json.putObject("byUserAgent"));
        return json;
    }

    private static void write(Map<String, Map<String, LongAdder>> counts, ObjectNode into) {
        new ConcurrentSkipListMap<>(counts).forEach((outer, inner) -> {
            ObjectNode node = into.putObject(outer);
            new ConcurrentSkipListMap<>(inner).forEach((key, count) -> node.put(key, count.sum()));
        });
    }
}
