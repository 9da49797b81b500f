package run.clawcloud.block;

import java.util.function.Predicate;
import run.clawcloud.block.kubesim.http.RequestCounters;

/** The controller's requests as the embedded cluster has counted them, Events aside. */
record RequestCount(long value) {

    static RequestCount of(RequestCounters requests) {
        return of(requests, _ -> true);
    }

    /** @param wanted which to count, as {@code patch namespaces} or {@code patch blockrequests/status} */
    static RequestCount of(RequestCounters requests, Predicate<String> wanted) {
        long all = 0;
        for (var agent : requests.toJson().path("byUserAgent").properties()) {
            if (agent.getKey().startsWith("block-controller/")) {
                all += agent.getValue().properties().stream()
                        .filter(request -> !request.getKey().contains(" events") && wanted.test(request.getKey()))
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
