package run.clawcloud.block.kubesim.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Finds fields that an object of a JSON text has twice: whoever reads it into a tree sees only the last. */
final class DuplicateFields {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** An object or a list that is open. */
    private static final class Level {
        private final Set<String> names = new HashSet<>();
        private String field = "";
        private int index = -1;
    }

    private final Deque<Level> open = new ArrayDeque<>();
    private final List<String> found = new ArrayList<>();

    private DuplicateFields() {}

    /** Their paths, in the order in which they come; of JSON that can be read. */
    static List<String> in(byte[] json) {
        DuplicateFields fields = new DuplicateFields();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                fields.take(token, parser);
            }
        }
        return List.copyOf(fields.found);
    }

    private void take(JsonToken token, JsonParser parser) {
        if (token == JsonToken.PROPERTY_NAME) {
            Level level = open.getLast();
            level.field = parser.currentName();
            if (!level.names.add(level.field)) {
                found.add(path());
            }
            return;
        }
        if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
            open.removeLast();
            return;
        }
        if (!open.isEmpty()) {
            open.getLast().index++;
        }
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            open.addLast(new Level());
        }
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (Level level : open) {
            if (level.field.isEmpty()) {
                path.append('[').append(level.index).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(level.field);
            }
        }
        return path.toString();
    }
}
