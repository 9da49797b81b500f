package run.clawcloud.block.kubesim.store;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The one JSON mapper. Compact out, nothing bound to classes. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /**
     * Parses bytes.
     *
     * @throws JacksonException when they are no JSON
     */
    public static JsonNode parse(byte[] json) {
        return MAPPER.readTree(json);
    }

    /**
     * Parses text.
     *
     * @throws JacksonException when it is no JSON
     */
    public static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }

    /** Parses an object known to be one, as those in the store are. */
    public static ObjectNode parseObject(byte[] json) {
        return (ObjectNode) parse(json);
    }

    /** UTF-8, without whitespace. */
    public static byte[] bytes(JsonNode tree) {
        return MAPPER.writeValueAsBytes(tree);
    }

    /** A new, empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The child object of that name, made if it is absent or no object. */
    public static ObjectNode child(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode child ? child : parent.putObject(name);
    }
}
