package run.clawcloud.block.demo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import run.clawcloud.block.harness.Api;
import tools.jackson.databind.JsonNode;

/**
 * A copy of one namespace and all that a lock could touch in it, to compare with later. Held compressed, so that the
 * copies of thousands of namespaces fit in a small heap.
 */
final class Snapshot {
    private final byte[] compressed;

    private Snapshot(byte[] compressed) {
        this.compressed = compressed;
    }

    static Snapshot of(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(Api.JSON.writeValueAsBytes(Essence.of(content)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Snapshot(bytes.toByteArray());
    }

    /** What is different in {@code now}: a line for each place, naming object and path; empty if nothing is. */
    List<String> differences(Content now) {
        JsonNode before = expand();
        JsonNode after = Essence.of(now);
        TreeSet<String> objects = new TreeSet<>(before.propertyNames());
        objects.addAll(after.propertyNames());
        List<String> lines = new ArrayList<>();
        for (String object : objects) {
            JsonNode old = before.get(object);
            JsonNode current = after.get(object);
            if (old == null) {
                lines.add(object + " was not there before");
            } else if (current == null) {
                lines.add(object + " is gone");
            } else {
                Difference.between(old, current).forEach(difference -> lines.add(object + ": " + difference));
            }
        }
        return lines;
    }

    private JsonNode expand() {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
            return Api.JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
