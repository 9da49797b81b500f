package run.clawcloud.block.leader;

import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.ResourceVersion;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What is read of a Lease. Its times are those of another machine's clock and are not looked at.
 *
 * @param holder empty when nobody holds it
 * @param durationSeconds what its holder promises to keep it renewed within; 0 when it does not say
 * @param transitions how often it has changed hands
 * @param exists whether there is one at all
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/">Lease</a>
 */
public record Lease(String holder, int durationSeconds, int transitions, long resourceVersion, boolean exists) {

    /** With this length, and no holder, a holder marks that it has given the Lease back, as client-go does. */
    public static final int RELEASED_SECONDS = 1;

    /** Older than any. */
    static final long NO_VERSION = 0;

    /** There is none, as of this resourceVersion. */
    static Lease absent(long resourceVersion) {
        return new Lease("", 0, 0, resourceVersion, false);
    }

    /**
     * Its holder has stopped writing and given it back. One whose holder is just missing was edited by somebody, and
     * the holder may not know yet.
     */
    boolean released() {
        return exists && holder.isEmpty() && durationSeconds == RELEASED_SECONDS;
    }

    /** Reads a Lease; what is not there, or of another type, counts as absent. */
    public static Lease read(JsonParser parser) {
        Reading reading = new Reading();
        Json.fields(parser, (field, value) -> {
            switch (field) {
                case "metadata" -> Json.fields(value, reading::metadata);
                case "spec" -> Json.fields(value, reading::spec);
                default -> value.skipChildren();
            }
        });
        return new Lease(reading.holder, reading.durationSeconds, reading.transitions, reading.resourceVersion, true);
    }

    private static final class Reading {
        private String holder = "";
        private int durationSeconds;
        private int transitions;
        private long resourceVersion;

        void metadata(String field, JsonParser value) {
            if (field.equals("resourceVersion")) {
                resourceVersion = ResourceVersion.read(value);
            } else {
                value.skipChildren();
            }
        }

        void spec(String field, JsonParser value) {
            switch (field) {
                case "holderIdentity" -> holder = Json.textOrEmpty(value);
                case "leaseDurationSeconds" -> durationSeconds = number(value);
                case "leaseTransitions" -> transitions = number(value);
                default -> value.skipChildren();
            }
        }

        private static int number(JsonParser value) {
            if (value.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                return value.getIntValue();
            }
            value.skipChildren();
            return 0;
        }
    }
}
