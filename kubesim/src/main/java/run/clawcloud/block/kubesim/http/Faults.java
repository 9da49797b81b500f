package run.clawcloud.block.kubesim.http;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The faults in force. Over HTTP: {@code PUT /kubesim/faults} with {@code {"seed":1,"faults":[{"effect":"status",
 * "code":429,"retryAfterSeconds":1,"verb":"patch","count":3}]}}. The same seed and the same order of requests give the
 * same faults.
 */
public final class Faults {

    private List<Active> active = List.of();
    private SplittableRandom random = new SplittableRandom(0);
    private CountDownLatch changed = new CountDownLatch(1);
    private long struck;

    /** A fault and how often it came by. */
    private static final class Active {
        private final Fault fault;
        private long passed;
        private long struck;

        Active(Fault fault) {
            this.fault = fault;
        }

        boolean strikes(Call call, Exchange exchange, SplittableRandom random) {
            Fault.Often often = fault.often();
            if (!fault.concerns(call, exchange) || (often.count() > 0 && struck >= often.count())) {
                return false;
            }
            if (passed++ < often.skip() || random.nextDouble() >= often.probability()) {
                return false;
            }
            struck++;
            return true;
        }
    }

    /**
     * A fault that has struck.
     *
     * @param changed when the faults are changed
     */
    record Hit(Fault fault, CountDownLatch changed) {

        Fault.Effect effect() {
            return fault.effect();
        }

        /** Whether the faults have been changed since. */
        boolean lapsed() {
            return changed.getCount() == 0;
        }

        /** Waits until the faults are changed, or for as long as the fault lasts. */
        void await() throws InterruptedException {
            long millis = fault.how().millis();
            var _ = changed.await(millis > 0 ? millis : Long.MAX_VALUE, TimeUnit.MILLISECONDS);
        }
    }

    /** Puts these in force instead of all others; what was stalled goes on. */
    public synchronized void set(long seed, List<Fault> faults) {
        active = faults.stream().map(Active::new).toList();
        random = new SplittableRandom(seed);
        changed.countDown();
        changed = new CountDownLatch(1);
    }

    /** Nothing goes wrong any more. */
    public void clear() {
        set(0, List.of());
    }

    void set(JsonNode json) {
        List<Fault> faults = new ArrayList<>();
        json.path("faults").forEach(fault -> faults.add(Fault.parse(fault)));
        set(json.path("seed").asLong(0), faults);
    }

    /** The faults that strike this request, in the order in which they were given. */
    synchronized List<Hit> strike(Call call, Exchange exchange) {
        List<Hit> hits = active.stream()
                .filter(candidate -> candidate.strikes(call, exchange, random))
                .map(hit -> new Hit(hit.fault, changed))
                .toList();
        struck += hits.size();
        return hits;
    }

    /** How often any fault has struck, those too that are no longer in force. */
    public synchronized long struck() {
        return struck;
    }

    /** How often each has struck. */
    synchronized ObjectNode toJson() {
        ObjectNode json = Json.object();
        var faults = json.putArray("faults");
        active.forEach(each ->
                faults.addObject().put("effect", each.fault.effect().name()).put("struck", each.struck));
        return json;
    }
}
