package run.clawcloud.block.kubesim.controllers;

import java.nio.charset.StandardCharsets;

/**
 * Looks for a field name in compact JSON before it is parsed, which most objects then need not be. A name can also
 * stand inside a string or deeper down: whoever finds it parses and looks again.
 */
final class Bytes {

    static final byte[] OWNER_REFERENCES = field("ownerReferences");
    static final byte[] DELETION_TIMESTAMP = field("deletionTimestamp");

    private Bytes() {}

    static byte[] field(String name) {
        return text("\"" + name + "\":");
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static boolean contain(byte[] json, byte[] field) {
        int last = json.length - field.length;
        for (int i = 0; i <= last; i++) {
            // The second byte is rarer than the quote that comes first.
            if (json[i + 1] == field[1] && matches(json, i, field)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] json, int from, byte[] field) {
        for (int i = 0; i < field.length; i++) {
            if (json[from + i] != field[i]) {
                return false;
            }
        }
        return true;
    }
}
