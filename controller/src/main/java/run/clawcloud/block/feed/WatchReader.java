package run.clawcloud.block.feed;

import java.io.InputStream;
import java.util.function.Function;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.JsonStream;
import run.clawcloud.block.kube.ResourceVersion;
import run.clawcloud.block.kube.Status;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/**
 * Reads the events of one watch until it ends. The event's {@code type} must stand before its {@code object}, as every
 * API server writes it; anything else is an error, which ends the watch and is answered with a new one.
 */
final class WatchReader<T> {

    interface Handler<T> {
        void changed(T object);

        void deleted(T object);

        void bookmark(long resourceVersion);
    }

    /** What the API server writes, and that it wrote nothing. */
    private enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK,
        ERROR,
        MISSING
    }

    private static final Type[] TYPES = Type.values();

    private final Function<JsonParser, T> decoder;
    private final Handler<T> handler;

    WatchReader(Function<JsonParser, T> decoder, Handler<T> handler) {
        this.decoder = decoder;
        this.handler = handler;
    }

    /**
     * Reads to the end of the stream and closes it.
     *
     * @throws ApiException when the server reports an error in the stream: 410 when the watch is too old
     */
    void read(InputStream stream) throws ApiException {
        try (JsonStream json = new JsonStream(stream)) {
            while (json.nextDocument()) {
                event(json.parser());
            }
        }
    }

    private void event(JsonParser parser) throws ApiException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new StreamReadException(parser, "a watch event was expected");
        }
        Type type = Type.MISSING;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "type" -> type = type(parser);
                case "object" -> object(type, parser);
                default -> parser.skipChildren();
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw new StreamReadException(parser, "the watch ends in the middle of an event");
        }
    }

    /** Compares, where reading a string would allocate one for every event. */
    private static Type type(JsonParser parser) {
        for (Type each : TYPES) {
            if (Json.reads(parser, each.name())) {
                return each;
            }
        }
        throw new StreamReadException(parser, "unknown type of watch event '" + Json.textOrEmpty(parser) + "'");
    }

    private void object(Type type, JsonParser parser) throws ApiException {
        switch (type) {
            case ADDED, MODIFIED -> handler.changed(decoder.apply(parser));
            case DELETED -> handler.deleted(decoder.apply(parser));
            case BOOKMARK -> handler.bookmark(ResourceVersionOnly.read(parser));
            case ERROR -> throw Status.read(parser).asException("watch");
            case MISSING -> throw new StreamReadException(parser, "a watch event has no type before its object");
        }
    }

    /** A bookmark's object carries nothing else. */
    private static final class ResourceVersionOnly {
        private long resourceVersion;

        static long read(JsonParser parser) {
            ResourceVersionOnly reading = new ResourceVersionOnly();
            Json.fields(parser, (field, value) -> {
                if (field.equals("metadata")) {
                    Json.fields(value, reading::metadata);
                } else {
                    value.skipChildren();
                }
            });
            return reading.resourceVersion;
        }

        private void metadata(String field, JsonParser value) {
            if (field.equals("resourceVersion")) {
                resourceVersion = ResourceVersion.read(value);
            } else {
                value.skipChildren();
            }
        }
    }
}
