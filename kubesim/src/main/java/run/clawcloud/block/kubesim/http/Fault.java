package run.clawcloud.block.kubesim.http;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import tools.jackson.databind.JsonNode;

/**
 * Something that is to go wrong, and for which requests. {@link #of} and the methods that give the same with one thing
 * changed make one.
 *
 * @param effect what goes wrong
 * @param which the requests that it may strike
 * @param often how many of those it does strike
 * @param how what more there is to say of the effect
 */
public record Fault(Effect effect, Which which, Often often, How how) {

    /**
     * Requests; a filter that is null lets every request pass.
     *
     * @param verb only requests with this verb
     * @param resource only for this resource, {@code pods} or {@code deployments/scale}
     * @param namespace only in this namespace
     * @param name only for the object of this name
     * @param client only from clients whose User-Agent contains this: cut off, one of them is partitioned
     */
    public record Which(
            @Nullable String verb,
            @Nullable String resource,
            @Nullable String namespace,
            @Nullable String name,
            @Nullable String client) {

        boolean contains(Call call, String userAgent) {
            return matches(verb, call.verb())
                    && matches(resource, call.resource())
                    && matches(namespace, call.objectNamespace())
                    && matches(name, call.name())
                    && (client == null || userAgent.contains(client));
        }

        private static boolean matches(@Nullable String filter, String value) {
            return filter == null || filter.equals(value);
        }
    }

    /**
     * How many.
     *
     * @param skip how many requests pass unharmed before it begins
     * @param count how many requests it strikes; 0 for all
     * @param probability with which it strikes a request that passed the filters
     */
    public record Often(long skip, long count, double probability) {}

    /**
     * Of what kind.
     *
     * @param millis of {@link Effect#DELAY}: for how long; of {@link Effect#STALL} and {@link Effect#STALL_WATCH}: at
     *     most how long, 0 until faults change; of {@link Effect#REORDER_WATCH}: how long events are gathered
     * @param code of {@link Effect#STATUS}: the HTTP status code
     * @param retryAfterSeconds of {@link Effect#STATUS}: for Retry-After; 0 for none
     * @param events of faults that strike a watch: after how many events
     */
    public record How(long millis, int code, int retryAfterSeconds, int events) {}

    /** What can go wrong. A fault that has struck a watch lapses when the faults are changed. */
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
        /** A page of a list, but the first one, is answered with 410 and the token to go on without consistency. */
        EXPIRE_CONTINUE("expireContinue"),
        /** A watch's connection ends in the middle of an event. */
        CUT_WATCH("cutWatch"),
        /** A watch gives an ERROR event with 410 and ends. */
        EXPIRE_WATCH("expireWatch"),
        /** A watch stays open and tells nothing, bookmarks neither; afterwards it goes on where it was. */
        STALL_WATCH("stallWatch"),
        /** A watch tells once more, in their order, the events that it has told. */
        REPEAT_WATCH("repeatWatch"),
        /**
         * A watch gathers events for a while and tells them object by object, the last in the order of their keys
         * first. Those of one object keep their order, as they do with any kube-apiserver.
         */
        REORDER_WATCH("reorderWatch");

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

        /** Whether it comes about while a watch runs. */
        boolean strikesWatches() {
            return switch (this) {
                case CUT_WATCH, EXPIRE_WATCH, STALL_WATCH, REPEAT_WATCH, REORDER_WATCH -> true;
                default -> false;
            };
        }
    }

    /** A fault that strikes every request, always. */
    public static Fault of(Effect effect) {
        return new Fault(effect, new Which(null, null, null, null, null), new Often(0, 0, 1), new How(0, 500, 0, 0));
    }

    /** The same, for that verb and resource only. */
    public Fault on(String verb, String resource) {
        return striking(new Which(verb, resource, which.namespace, which.name, which.client));
    }

    /** The same, in that namespace only. */
    public Fault in(String namespace) {
        return striking(new Which(which.verb, which.resource, namespace, which.name, which.client));
    }

    /** The same, for the object of that name only. */
    public Fault named(String name) {
        return striking(new Which(which.verb, which.resource, which.namespace, name, which.client));
    }

    /** The same, from clients only whose User-Agent contains that. */
    public Fault from(String client) {
        return striking(new Which(which.verb, which.resource, which.namespace, which.name, client));
    }

    /** The same, for that many requests only. */
    public Fault times(long count) {
        return coming(new Often(often.skip, count, often.probability));
    }

    /** The same, leaving that many such requests alone first. */
    public Fault skipping(long skip) {
        return coming(new Often(skip, often.count, often.probability));
    }

    /** The same, with that probability. */
    public Fault withProbability(double probability) {
        return coming(new Often(often.skip, often.count, probability));
    }

    /** The same, with that status code and Retry-After. */
    public Fault withStatus(int code, int retryAfterSeconds) {
        return being(new How(how.millis, code, retryAfterSeconds, how.events));
    }

    /** The same, after that many events of a watch. */
    public Fault afterEvents(int events) {
        return being(new How(how.millis, how.code, how.retryAfterSeconds, events));
    }

    /** The same, for so long. */
    public Fault lasting(long millis) {
        return being(new How(millis, how.code, how.retryAfterSeconds, how.events));
    }

    private Fault striking(Which others) {
        return new Fault(effect, others, often, how);
    }

    private Fault coming(Often otherwise) {
        return new Fault(effect, which, otherwise, how);
    }

    private Fault being(How otherwise) {
        return new Fault(effect, which, often, otherwise);
    }

    static Fault parse(JsonNode json) {
        return new Fault(
                Effect.of(json.path("effect").asString("")),
                new Which(
                        text(json, "verb"),
                        text(json, "resource"),
                        text(json, "namespace"),
                        text(json, "name"),
                        text(json, "client")),
                new Often(
                        json.path("skip").asLong(0),
                        json.path("count").asLong(0),
                        json.path("probability").asDouble(1)),
                new How(
                        json.path("millis").asLong(0),
                        json.path("code").asInt(500),
                        json.path("retryAfterSeconds").asInt(0),
                        json.path("events").asInt(0)));
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.has(field) ? json.path(field).asString("") : null;
    }

    boolean concerns(Call call, Exchange exchange) {
        return which.contains(call, exchange.userAgent())
                && (call.verb().equals("watch") || !effect.strikesWatches())
                && (effect != Effect.EXPIRE_CONTINUE
                        || (call.verb().equals("list") && exchange.query("continue") != null));
    }
}
