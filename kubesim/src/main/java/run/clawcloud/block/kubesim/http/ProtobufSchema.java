package run.clawcloud.block.kubesim.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The messages of the built-in types, from the resource {@code protobuf.txt}, which explains its form. */
final class ProtobufSchema {

    private static final String RESOURCE = "protobuf.txt";

    private final Map<String, Map<Integer, Field>> messages;

    /** How often a field stands. */
    enum Shape {
        ONE,
        LIST,
        MAP,
        /** Its own fields stand among those of the message around it. */
        INLINE
    }

    /** A field of a message. */
    record Field(String name, Shape shape, String type, boolean writtenWhenEmpty) {}

    private ProtobufSchema(Map<String, Map<Integer, Field>> messages) {
        this.messages = messages;
    }

    static ProtobufSchema load() {
        try (InputStream in = ProtobufSchema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            return new ProtobufSchema(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split(" ", -1)))
                    .collect(Collectors.toMap(List::getFirst, ProtobufSchema::fields)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<Integer, Field> fields(List<String> message) {
        Map<Integer, Field> fields = new HashMap<>();
        for (String text : message.subList(1, message.size())) {
            if (!text.isEmpty()) {
                List<String> parts = List.of(text.split(":", -1));
                fields.put(Integer.valueOf(parts.get(1)), field(parts.getFirst(), parts.get(2)));
            }
        }
        return fields;
    }

    private static Field field(String name, String type) {
        boolean written = type.endsWith("!");
        String bare = written ? type.substring(0, type.length() - 1) : type;
        if (bare.startsWith("[]")) {
            return new Field(name, Shape.LIST, bare.substring(2), written);
        }
        if (bare.startsWith("{}")) {
            return new Field(name, Shape.MAP, bare.substring(2), written);
        }
        return new Field(name, name.equals("*") ? Shape.INLINE : Shape.ONE, bare, written);
    }

    boolean has(String message) {
        return messages.containsKey(message);
    }

    /** The field of that number, null if the message has none. */
    @Nullable
    Field field(String message, int number) {
        return messages.getOrDefault(message, Map.of()).get(number);
    }
}
