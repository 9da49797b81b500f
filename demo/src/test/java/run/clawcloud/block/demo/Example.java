package run.clawcloud.block.demo;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import run.clawcloud.block.harness.Api;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A namespace {@code shop} with a few objects, to be altered by the tests. Objects are written with single quotes. */
final class Example {
    private JsonNode namespace = json("{'metadata': {'name': 'shop', 'uid': 'n1', 'resourceVersion': '10'}}");
    private final Map<Kind, List<JsonNode>> objects = new EnumMap<>(Kind.class);

    static ObjectNode json(String text) {
        return (ObjectNode) Api.JSON.readTree(text.replace('\'', '"'));
    }

    Example namespace(String text) {
        namespace = json(text);
        return this;
    }

    Example with(Kind kind, String text) {
        objects.computeIfAbsent(kind, absent -> new ArrayList<>()).add(json(text));
        return this;
    }

    Content content() {
        return new Content(namespace, objects);
    }
}
