package run.clawcloud.block.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names of namespaces, end to end in one array: a hundred thousand take little more than their bytes. What is no name
 * (0 or more than {@link NamespaceIndex#MAX_NAME_LENGTH} bytes) is left out, as no namespace is called that. <b>Not
 * thread-safe.</b>
 */
public final class NameList {

    private static final int FIRST = 64;

    /** Each name behind one byte that holds its length. */
    private byte[] bytes = {};

    private int end;
    private int size;

    /** Takes a name; the consumer must not keep the array. */
    @FunctionalInterface
    interface Consumer {
        void accept(byte[] source, int offset, int length);
    }

    public void add(String name) {
        byte[] added = name.getBytes(StandardCharsets.UTF_8);
        if (added.length == 0 || added.length > NamespaceIndex.MAX_NAME_LENGTH) {
            return;
        }
        if (bytes.length - end < added.length + 1) {
            bytes = Arrays.copyOf(bytes, Math.max(FIRST, bytes.length * 2));
        }
        bytes[end] = (byte) added.length;
        System.arraycopy(added, 0, bytes, end + 1, added.length);
        end += added.length + 1;
        size++;
    }

    /** How many names, the same one as often as it was added. */
    public int size() {
        return size;
    }

    void forEach(Consumer consumer) {
        for (int at = 0; at < end; at += bytes[at] + 1) {
            consumer.accept(bytes, at + 1, bytes[at]);
        }
    }
}
