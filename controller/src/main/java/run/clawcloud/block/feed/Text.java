package run.clawcloud.block.feed;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kube.Json;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One text of a document, or that it is absent, in a buffer that is used again for the next document. */
final class Text implements CharSequence {

    private static final char[] NO_CHARS = {};

    /** A longer buffer, of an annotation without measure, is given back when it has served. */
    private static final int LONGEST_KEPT = 1024;

    private char[] chars = NO_CHARS;
    private int length;
    private boolean present;

    /** Absent. */
    void clear() {
        present = false;
        length = 0;
        if (chars.length > LONGEST_KEPT) {
            chars = NO_CHARS;
        }
    }

    /** Takes the scalar that the parser stands at; JSON null is absent. An object or array is an error. */
    void read(JsonParser parser) {
        clear();
        if (Json.scalar(parser) == JsonToken.VALUE_NULL) {
            return;
        }
        char[] source = parser.getStringCharacters();
        int offset = parser.getStringOffset();
        int count = parser.getStringLength();
        if (chars.length < count) {
            chars = new char[Math.max(count, 64)];
        }
        System.arraycopy(source, offset, chars, 0, count);
        length = count;
        present = true;
    }

    boolean present() {
        return present;
    }

    /** As a new string; null when it is absent. */
    @Nullable
    String orNull() {
        return present ? toString() : null;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return chars[index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return toString().subSequence(start, end);
    }

    /** Empty when it is absent. */
    @Override
    public String toString() {
        return new String(chars, 0, length);
    }
}
