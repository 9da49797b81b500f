package run.clawcloud.block.kubesim.controllers;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the controllers read in a pod. */
final class Pods {

    /** The order in which a controller deletes pods it has too many of: not yet running, not ready, youngest first. */
    static final Comparator<JsonNode> DISPENSABLE_FIRST = Comparator.<JsonNode>comparingInt(
                    pod -> phase(pod).equals("Running") ? 1 : 0)
            .thenComparingInt(pod -> ready(pod) ? 1 : 0)
            .thenComparing(Meta::created, Comparator.reverseOrder())
            .thenComparing(Meta::name);

    private Pods() {}

    /** {@code Pending} until something else is written. */
    static String phase(JsonNode pod) {
        return pod.path("status").path("phase").asString("Pending");
    }

    static boolean finished(JsonNode pod) {
        return phase(pod).equals("Succeeded") || phase(pod).equals("Failed");
    }

    /** Whether it counts: neither finished nor being deleted. */
    static boolean active(JsonNode pod) {
        return !finished(pod) && !Meta.deleting(pod);
    }

    static boolean ready(JsonNode pod) {
        return Conditions.isTrue(pod.path("status"), "Ready");
    }

    /** Whether it has been ready for that long. */
    static boolean available(JsonNode pod, int minReadySeconds, Instant now) {
        if (!ready(pod)) {
            return false;
        }
        Instant since = minReadySeconds == 0 ? null : readySince(pod);
        return since == null || !since.plusSeconds(minReadySeconds).isAfter(now);
    }

    /** When the next of these pods will be available that is only ready yet; null if there is none. */
    static @Nullable Duration nextAvailable(List<? extends JsonNode> pods, int minReadySeconds, Instant now) {
        Duration next = null;
        for (JsonNode pod : pods) {
            Instant since = readySince(pod);
            if (ready(pod) && since != null && !available(pod, minReadySeconds, now)) {
                next = Times.sooner(next, Times.until(since.plusSeconds(minReadySeconds), now));
            }
        }
        return next;
    }

    private static @Nullable Instant readySince(JsonNode pod) {
        JsonNode ready = Conditions.find(pod.path("status"), "Ready");
        return ready == null ? null : Times.parse(ready.path("lastTransitionTime"));
    }
}
