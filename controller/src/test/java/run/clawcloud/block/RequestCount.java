package run.clawcloud.block;

import run.clawcloud.block.kubesim.http.RequestCounters;
import tools.jackson.databind.JsonNode;

/** The controller's requests as the embedded cluster has counted them, Events aside. */
record RequestCount(long value) {

    static RequestCount of(RequestCounters requests) {
        JsonNode counts = requests.toJson();
        long all = 0;
        for (var agent : counts.path("byUserAgent").properties()) {
            if (agent.getKey().startsWith("block-controller/")) {
                all += sum(agent.getValue());
            }
        }
        return new RequestCount(
                all - counts.at("/byVerb/create").path("events.events.k8s.io").asLong(0));
    }

    private static long sum(JsonNode byVerb) {
        return byVerb.properties().stream()
                .mapToLong(each -> each.getValue().asLong())
                .sum();
    }

    long since(RequestCount before) {
        return value - before.value;
    }
}
