package run.clawcloud.block.kubesim.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.CustomType;
import run.clawcloud.block.kubesim.api.ResourceTypes;
import run.clawcloud.block.kubesim.crd.JsonPath;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The columns of custom objects: the name, then {@code additionalPrinterColumns}, or the age if there are none. */
final class CustomColumns {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String AGE_PATH = ".metadata.creationTimestamp";

    private final ResourceTypes types;
    private final Function<JsonNode, String> age;
    private final Map<String, JsonPath> paths = new ConcurrentHashMap<>();

    /** A column as the definition says it. */
    private record Column(String name, String type, String format, String description, int priority, String path) {

        static Column of(JsonNode json) {
            String path = json.path("jsonPath").asString("");
            return new Column(
                    json.path("name").asString(""),
                    json.path("type").asString(""),
                    json.path("format").asString(""),
                    json.path("description")
                            .asString("Custom resource definition column (in JSONPath format): " + path),
                    json.path("priority").asInt(0),
                    path);
        }
    }

    CustomColumns(ResourceTypes types, Function<JsonNode, String> age) {
        this.types = types;
        this.age = age;
    }

    private List<Column> of(ResourceType type) {
        CustomType custom = types.custom(type);
        List<Column> columns = new ArrayList<>();
        if (custom != null) {
            custom.version().path("additionalPrinterColumns").forEach(column -> columns.add(Column.of(column)));
        }
        return columns.isEmpty() ? List.of(new Column("Age", "date", "", "", 0, AGE_PATH)) : columns;
    }

    ArrayNode definitions(ResourceType type) {
        ArrayNode definitions = NODES.arrayNode();
        add(definitions, new Column("Name", "string", "name", "", 0, ".metadata.name"));
        of(type).forEach(column -> add(definitions, column));
        return definitions;
    }

    private static void add(ArrayNode definitions, Column column) {
        definitions
                .addObject()
                .put("name", column.name())
                .put("type", column.type())
                .put("format", column.format())
                .put("description", column.description())
                .put("priority", column.priority());
    }

    List<JsonNode> cells(ResourceType type, JsonNode object) {
        List<JsonNode> cells = new ArrayList<>();
        cells.add(object.path("metadata").path("name"));
        of(type).forEach(column -> cells.add(cell(column, value(column.path(), object))));
        return cells;
    }

    private @Nullable JsonNode value(String text, JsonNode object) {
        JsonPath path = paths.get(text);
        if (path == null) {
            path = JsonPath.parse(text);
            if (path == null) {
                return null;
            }
            paths.put(text, path);
        }
        return path.first(object);
    }

    private JsonNode cell(Column column, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return NODES.nullNode();
        }
        return switch (column.type()) {
            case "integer" -> value.isNumber() ? NODES.numberNode(value.asLong()) : NODES.nullNode();
            case "number" -> value.isNumber() ? value : NODES.nullNode();
            case "boolean" -> value.isBoolean() ? value : NODES.nullNode();
            case "date" -> value.isString() ? NODES.stringNode(date(value)) : NODES.nullNode();
            default -> NODES.stringNode(value.isString() ? value.asString() : value.toString());
        };
    }

    private String date(JsonNode value) {
        try {
            Instant _ = Instant.parse(value.asString());
            return age.apply(value);
        } catch (DateTimeException _) {
            return "<invalid>";
        }
    }
}
