package run.clawcloud.block.kube;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/**
 * Versions of objects and lists. They are decimal numbers that grow with every write of a resource, so that of two the
 * greater one is the newer.
 *
 * @see <a
 *     href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/5504-comparable-resource-version">
 *     KEP-5504</a>
 */
public final class ResourceVersion {

    /** No version: the field is absent. Older than all. */
    public static final long NONE = 0;

    private ResourceVersion() {}

    /**
     * Reads the value of a {@code resourceVersion} field that the parser stands at; {@link #NONE} for JSON null.
     * Allocates nothing. Anything else than a decimal number below 2^63 is an error.
     */
    public static long read(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return NONE;
        }
        if (!token.isScalarValue()) {
            throw new StreamReadException(parser, "a resourceVersion was expected, not " + token);
        }
        char[] text = parser.getStringCharacters();
        int offset = parser.getStringOffset();
        int length = parser.getStringLength();
        long number = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                throw unreadable(parser);
            }
            number = number * 10 + digit;
        }
        if (length == 0) {
            throw unreadable(parser);
        }
        return number;
    }

    private static StreamReadException unreadable(JsonParser parser) {
        return new StreamReadException(
                parser, "the resourceVersion '" + parser.getString() + "' is no decimal number below 2^63");
    }
}
