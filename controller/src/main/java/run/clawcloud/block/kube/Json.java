package run.clawcloud.block.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Streaming JSON, field by field, without a tree. Every reader here skips what it does not know, takes fields in any
 * order, and fails with {@link tools.jackson.core.JacksonException} on a document that is cut short.
 */
public final class Json {

    /**
     * Names of fields are looked up in a table of those met before, so that one that comes again is no new string.
     * Names that collide in it, by chance or ill will, cost time; they must not end a watch, which would meet them
     * again and again. How much the table can hold, {@link JsonStream} says.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private Json() {}

    /** A parser of the whole stream; closing it closes the stream. */
    public static JsonParser parser(InputStream stream) {
        try {
            return FACTORY.createParser(ObjectReadContext.empty(), stream);
        } catch (RuntimeException | Error e) {
            // Making the parser reads the first bytes, and nobody has the stream in hand yet to close it.
            try (stream) {
                throw e;
            } catch (IOException closing) {
                e.addSuppressed(closing);
                throw e;
            }
        }
    }

    /** A parser of a whole document. */
    public static JsonParser parser(byte[] document) {
        return FACTORY.createParser(ObjectReadContext.empty(), document);
    }

    /** The document that {@code body} writes. */
    public static String write(Consumer<JsonGenerator> body) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            body.accept(generator);
        }
        return text.toString();
    }

    /** What reads the value of one field; it must consume that value and nothing else. */
    @FunctionalInterface
    public interface FieldReader {
        void read(String field, JsonParser value);
    }

    /**
     * Reads the object that the parser stands at. Leaves the parser at the object's end. A null instead of an object
     * has no fields.
     *
     * @param reader called with the parser at each field's value
     */
    public static void fields(JsonParser parser, FieldReader reader) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser, JsonToken.START_OBJECT);
        while (next(parser) != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            next(parser);
            reader.read(field, parser);
        }
    }

    /** Calls {@code element} with the parser at each element of the array that it stands at; null is an empty array. */
    public static void elements(JsonParser parser, Runnable element) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser, JsonToken.START_ARRAY);
        while (next(parser) != JsonToken.END_ARRAY) {
            element.run();
        }
    }

    /** Whether the parser stands at a JSON null. */
    public static boolean isNull(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** The scalar that the parser stands at as text; null for JSON null. An object or array is an error. */
    public static @Nullable String text(JsonParser parser) {
        return scalar(parser) == JsonToken.VALUE_NULL ? null : parser.getString();
    }

    /** Whether the scalar that the parser stands at reads so. Allocates nothing. */
    public static boolean reads(JsonParser parser, String text) {
        scalar(parser);
        char[] chars = parser.getStringCharacters();
        int offset = parser.getStringOffset();
        if (parser.getStringLength() != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (chars[offset + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** What scalar the parser stands at. An object or array is an error. */
    public static JsonToken scalar(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (!token.isScalarValue()) {
            throw new StreamReadException(parser, "a scalar was expected, not " + token);
        }
        return token;
    }

    /** The scalar that the parser stands at as text; empty for JSON null. */
    public static String textOrEmpty(JsonParser parser) {
        String text = text(parser);
        return text == null ? "" : text;
    }

    /** The whole number that the parser stands at; {@code absent} for JSON null. Anything else is an error. */
    public static long number(JsonParser parser, long absent) {
        return isNull(parser) ? absent : whole(parser).getLongValue();
    }

    /** As {@link #number}, of 32 bits: a greater one is an error. */
    public static int intNumber(JsonParser parser, int absent) {
        return isNull(parser) ? absent : whole(parser).getIntValue();
    }

    private static JsonParser whole(JsonParser parser) {
        expect(parser, JsonToken.VALUE_NUMBER_INT);
        return parser;
    }

    /** Whether the parser stands at true; JSON null is false. Anything else than those and false is an error. */
    public static boolean isTrue(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default ->
                throw new StreamReadException(parser, "true or false was expected, not " + parser.currentToken());
        };
    }

    static JsonToken next(JsonParser parser) {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new StreamReadException(parser, "the document ends in the middle");
        }
        return token;
    }

    static void expect(JsonParser parser, JsonToken expected) {
        if (parser.currentToken() != expected) {
            throw new StreamReadException(parser, expected + " was expected, not " + parser.currentToken());
        }
    }
}
