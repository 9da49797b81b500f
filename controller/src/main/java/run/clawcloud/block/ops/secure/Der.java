package run.clawcloud.block.ops.secure;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Elements of DER (ITU-T X.690), as few as certificates and keys need. */
final class Der {

    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int UTC_TIME = 0x17;
    static final int SEQUENCE = 0x30;

    private static final int LONG_FORM = 0x80;

    private Der() {}

    /** An element of that tag, with these within. */
    static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] each : contents) {
            body.writeBytes(each);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        length(element, body.size());
        element.writeBytes(body.toByteArray());
        return element.toByteArray();
    }

    static byte[] text(int tag, String ascii) {
        return element(tag, ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private static void length(ByteArrayOutputStream out, int length) {
        if (length < LONG_FORM) {
            out.write(length);
            return;
        }
        int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + Byte.SIZE - 1) / Byte.SIZE;
        out.write(LONG_FORM | octets);
        for (int i = octets - 1; i >= 0; i--) {
            out.write(length >>> (i * Byte.SIZE));
        }
    }

    /** The first element within the one that is given. */
    static byte[] first(byte[] element) {
        int begin = contents(element, 0);
        int within = contents(element, begin);
        int end = within + size(element, begin);
        return Arrays.copyOfRange(element, begin, end);
    }

    /** Where the contents of the element at that offset begin. */
    private static int contents(byte[] bytes, int offset) {
        int first = bytes[offset + 1] & 0xFF;
        return offset + 2 + (first < LONG_FORM ? 0 : first & ~LONG_FORM);
    }

    /** How many octets the contents of the element at that offset have. */
    private static int size(byte[] bytes, int offset) {
        int first = bytes[offset + 1] & 0xFF;
        if (first < LONG_FORM) {
            return first;
        }
        int size = 0;
        for (int i = 0; i < (first & ~LONG_FORM); i++) {
            size = (size << Byte.SIZE) | (bytes[offset + 2 + i] & 0xFF);
        }
        return size;
    }
}
