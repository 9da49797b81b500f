package run.clawcloud.block;

import run.clawcloud.block.kubesim.http.RequestCounters;

/** The controller's requests as the embedded cluster has counted them, Events aside. */
record RequestCount(long value) {

    static RequestCount of(RequestCounters requests) {
        long all = 0;
        for (var agent : requests.toJson().path("byUserAgent").properties()) {
            if (agent.getKey().startsWith("block-controller/")) {
                all += agent.getValue().properties().stream()
                        .filter(request -> !request.getKey().contains(" events"))
                        .mapToLong(request -> request.getValue().asLong())
                        .sum();
            }
        }
        return new RequestCount(all);
    }

    long since(RequestCount before) {
        return value - before.value;
    }
}
