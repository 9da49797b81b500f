package run.clawcloud.block.kube;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;

/**
 * Streaming JSON that goes on for long: the documents of a watch, or a list in one piece. A parser keeps every name of
 * a field that it has met, up to some 50,000, which can be 40 MB in a cluster where each namespace has label keys of
 * its own, or where somebody wants to do harm. So after every few megabytes another parser goes on from the very same
 * byte.
 */
public final class JsonStream implements AutoCloseable {

    /** Bytes. Were they all names, and each another one, a table of them would take 10 MB. */
    private static final long RENEWAL = 2L * 1024 * 1024;

    /** Where a parser is made to think that it is: in an array, or in the object that is the document. */
    private static final String ARRAY = "[0";

    private static final String OBJECT = "{\"\":0";

    private final InputStream stream;
    private final Source source;
    private JsonParser parser;

    /** Reads to the end of the stream; closing this closes the stream. */
    public JsonStream(InputStream stream) {
        this.stream = stream;
        this.source = new Source(stream);
        try {
            parser = Json.parser(source);
        } catch (RuntimeException | Error e) {
            try (stream) {
                throw e;
            } catch (IOException closing) {
                e.addSuppressed(closing);
                throw e;
            }
        }
    }

    /** The parser of this moment; another one after {@link #nextDocument} and the methods that read. */
    public JsonParser parser() {
        return parser;
    }

    /** Whether there is another document; then the parser stands at its first token. */
    public boolean nextDocument() {
        if (source.renewalDue() && parser.currentToken() == JsonToken.END_OBJECT) {
            renew("");
        }
        return parser.nextToken() != null;
    }

    /** Reads the object that is the document, as {@link Json#fields} does; the reader may use {@link #elements}. */
    public void fields(Json.FieldReader reader) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        Json.expect(parser, JsonToken.START_OBJECT);
        while (Json.next(parser) != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            Json.next(parser);
            reader.read(field, parser);
        }
    }

    /** Reads the array that is the value of a field of the document, as {@link Json#elements} does. */
    public void elements(Consumer<JsonParser> element) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        Json.expect(parser, JsonToken.START_ARRAY);
        boolean renewed = false;
        while (Json.next(parser) != JsonToken.END_ARRAY) {
            element.accept(parser);
            if (source.renewalDue() && parser.currentToken() == JsonToken.END_OBJECT) {
                renew(ARRAY);
                renewed = true;
            }
        }
        if (renewed) {
            renew(OBJECT);
        }
    }

    /** @param open what another parser has to read first, so that it takes what follows for what it is */
    private void renew(String open) {
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        again.writeBytes(open.getBytes(US_ASCII));
        parser.releaseBuffered(again);
        source.putBack(again);
        parser.close();
        parser = Json.parser(source);
        for (int i = 0; i < open.length() && parser.currentToken() != JsonToken.VALUE_NUMBER_INT; i++) {
            parser.nextToken();
        }
    }

    @Override
    public void close() {
        try (stream;
                JsonParser _ = parser) {
            // Both, whatever happens to the one.
        } catch (IOException e) {
            throw JacksonIOException.construct(e);
        }
    }

    /** Outlives its parsers, and gives again what one has read ahead. */
    private static final class Source extends InputStream {
        private final InputStream stream;
        private byte[] again = {};

        /** How many bytes of {@link #again} were given. */
        private int given;

        /** Bytes, since the last renewal. */
        private long read;

        Source(InputStream stream) {
            this.stream = stream;
        }

        boolean renewalDue() {
            return read >= RENEWAL;
        }

        /** Begins a renewal with what comes before everything that has not been read yet. */
        void putBack(ByteArrayOutputStream first) {
            first.write(again, given, again.length - given);
            again = first.toByteArray();
            given = 0;
            read = 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = Math.min(length, again.length - given);
            if (count > 0) {
                System.arraycopy(again, given, target, offset, count);
                given += count;
            } else {
                count = stream.read(target, offset, length);
            }
            read += Math.max(0, count);
            return count;
        }

        @Override
        public void close() {
            // A parser closes what it has read.
        }
    }
}
