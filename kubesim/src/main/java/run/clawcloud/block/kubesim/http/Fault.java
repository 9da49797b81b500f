package run.clawcloud.block.kubesim.http;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import tools.jackson.databind.JsonNode;

/**
 * Something that is to go wrong, and for which requests. A filter that is null lets every request pass.
 *
 * @param effect what goes wrong
 * @param verb only requests with this verb
 * @param resource only for this resource, {@code pods} or {@code deployments/scale}
 * @param namespace only in this namespace
 * @param name only for the object of this name
 * @param skip how many requests pass unharmed before it begins
 * @param count how many requests it strikes; 0 for all
 * @param probability with which it strikes a request that passed the filters
 * @param millis of {@link Effect#DELAY}: for how long; of {@link Effect#STALL}: at most how long, 0 until faults change
 * @param code of {@link Effect#STATUS}: the HTTP status code
 * @param retryAfterSeconds of {@link Effect#STATUS}: for Retry-After; 0 for none
 * @param events of {@link Effect#CUT_WATCH} and {@link Effect#EXPIRE_WATCH}: after how many events
 */
public record Fault(
        Effect effect,
        @Nullable String verb,
        @Nullable String resource,
        @Nullable String namespace,
        @Nullable String name,
        long skip,
        long count,
        double probability,
        long millis,
        int code,
        int retryAfterSeconds,
        int events) {

    /** What can go wrong. */
    public enum Effect {
        /** The answer is late. */
        DELAY("delay"),
        /** An error status instead of an answer. */
        STATUS("status"),
        /** 409 as if another write had come between. */
        CONFLICT("conflict"),
        /** The connection is closed and nothing was done. */
        DROP_BEFORE("dropBefore"),
        /** It was done, and the connection is closed without an answer. */
        DROP_AFTER("dropAfter"),
        /** No answer until the faults are changed. */
        STALL("stall"),
        /** A watch's connection ends in the middle of an event. */
        CUT_WATCH("cutWatch"),
        /** A watch gives an ERROR event with 410 and ends. */
        EXPIRE_WATCH("expireWatch");

        private final String text;

        Effect(String text) {
            this.text = text;
        }

        static Effect of(String text) {
            for (Effect effect : values()) {
                if (effect.text.equals(text)) {
                    return effect;
                }
            }
            throw ApiException.badRequest("unknown effect \"" + text + "\"");
        }
    }

    /** A fault that strikes every request, always. */
    public static Fault of(Effect effect) {
        return new Fault(effect, null, null, null, null, 0, 0, 1, 0, 500, 0, 0);
    }

    /** The same, for that verb and resource only. */
    public Fault on(String onVerb, String onResource) {
        return new Fault(
                effect,
                onVerb,
                onResource,
                namespace,
                name,
                skip,
                count,
                probability,
                millis,
                code,
                retryAfterSeconds,
                events);
    }

    /** The same, for that many requests only. */
    public Fault times(long newCount) {
        return new Fault(
                effect,
                verb,
                resource,
                namespace,
                name,
                skip,
                newCount,
                probability,
                millis,
                code,
                retryAfterSeconds,
                events);
    }

    /** The same, leaving that many such requests alone first. */
    public Fault skipping(long newSkip) {
        return new Fault(
                effect,
                verb,
                resource,
                namespace,
                name,
                newSkip,
                count,
                probability,
                millis,
                code,
                retryAfterSeconds,
                events);
    }

    /** The same, with that probability. */
    public Fault withProbability(double newProbability) {
        return new Fault(
                effect,
                verb,
                resource,
                namespace,
                name,
                skip,
                count,
                newProbability,
                millis,
                code,
                retryAfterSeconds,
                events);
    }

    /** The same, with that status code and Retry-After. */
    public Fault withStatus(int newCode, int newRetryAfterSeconds) {
        return new Fault(
                effect,
                verb,
                resource,
                namespace,
                name,
                skip,
                count,
                probability,
                millis,
                newCode,
                newRetryAfterSeconds,
                events);
    }

    /** The same, after that many events of a watch. */
    public Fault afterEvents(int newEvents) {
        return new Fault(
                effect,
                verb,
                resource,
                namespace,
                name,
                skip,
                count,
                probability,
                millis,
                code,
                retryAfterSeconds,
                newEvents);
    }

    /** The same, in that namespace only. */
    public Fault in(String newNamespace) {
        return new Fault(
                effect,
                verb,
                resource,
                newNamespace,
                name,
                skip,
                count,
                probability,
                millis,
                code,
                retryAfterSeconds,
                events);
    }

    /** The same, for the object of that name only. */
    public Fault named(String newName) {
        return new Fault(
                effect,
                verb,
                resource,
                namespace,
                newName,
                skip,
                count,
                probability,
                millis,
                code,
                retryAfterSeconds,
                events);
    }

    /** The same, for so long. */
    public Fault lasting(long newMillis) {
        return new Fault(
                effect,
                verb,
                resource,
                namespace,
                name,
                skip,
                count,
                probability,
                newMillis,
                code,
                retryAfterSeconds,
                events);
    }

    static Fault parse(JsonNode json) {
        return new Fault(
                Effect.of(json.path("effect").asString("")),
                text(json, "verb"),
                text(json, "resource"),
                text(json, "namespace"),
                text(json, "name"),
                json.path("skip").asLong(0),
                json.path("count").asLong(0),
                json.path("probability").asDouble(1),
                json.path("millis").asLong(0),
                json.path("code").asInt(500),
                json.path("retryAfterSeconds").asInt(0),
                json.path("events").asInt(0));
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.has(field) ? json.path(field).asString("") : null;
    }

    boolean concerns(Call call) {
        return matches(verb, call.verb())
                && matches(resource, call.resource())
                && matches(namespace, call.objectNamespace())
                && matches(name, call.name())
                && (call.verb().equals("watch") || !(effect == Effect.CUT_WATCH || effect == Effect.EXPIRE_WATCH));
    }

    private static boolean matches(@Nullable String filter, String value) {
        return filter == null || filter.equals(value);
    }
}
