package run.clawcloud.block.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.BlockRequestStatus.Condition;
import run.clawcloud.block.api.BlockRequestStatus.NamespaceStatus;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.LabelSelector;
import run.clawcloud.block.feed.LabelSelector.Operator;
import run.clawcloud.block.feed.LabelSelector.Requirement;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.state.LockLength;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The CustomResourceDefinition is the one source of truth: what it describes is what is read and written, no more and
 * no less.
 */
class SchemaTest {

    private static final JsonNode CRD = new YAMLMapper()
            .readTree(Path.of("../deploy/crd/blockrequests.core.clawcloud.run.yaml")
                    .toFile());
    private static final JsonNode VERSION = CRD.at("/spec/versions/0");
    private static final JsonNode SCHEMA = VERSION.at("/schema/openAPIV3Schema");
    private static final JsonNode SPEC = SCHEMA.at("/properties/spec");
    private static final JsonNode STATUS = SCHEMA.at("/properties/status");

    /** Every property of a schema, those of items and of objects within included, by its path. */
    private static Map<String, JsonNode> properties(String path, JsonNode schema) {
        Map<String, JsonNode> found = new TreeMap<>();
        schema.path("properties").properties().forEach(each -> {
            String name = path + "." + each.getKey();
            found.put(name, each.getValue());
            found.putAll(properties(name, each.getValue()));
        });
        if (schema.has("items")) {
            found.putAll(properties(path + "[]", schema.get("items")));
        }
        return found;
    }

    /** The fields of a document, by the same paths, with the types that a schema gives them. */
    private static Map<String, String> types(String path, JsonNode value) {
        Map<String, String> found = new TreeMap<>();
        value.properties().forEach(each -> {
            String name = path + "." + each.getKey();
            found.put(name, type(each.getValue()));
            found.putAll(types(name, each.getValue()));
        });
        if (value.isArray()) {
            value.forEach(each -> found.putAll(types(path + "[]", each)));
        }
        return found;
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> throw new AssertionError("no type has " + value);
        };
    }

    @Test
    void isTheResourceThatTheControllerWatches() {
        Resource resource = Resource.BLOCK_REQUESTS;

        assertThat(CRD.at("/spec/group").asString()).isEqualTo(resource.group());
        assertThat(CRD.at("/spec/names/plural").asString()).isEqualTo(resource.plural());
        assertThat(CRD.at("/spec/names/shortNames/0").asString()).isEqualTo("br");
        assertThat(CRD.at("/metadata/name").asString()).isEqualTo(resource.plural() + "." + resource.group());
        assertThat(CRD.at("/spec/scope").asString()).isEqualTo("Namespaced");
        assertThat(CRD.at("/spec/versions")).hasSize(1);
        assertThat(VERSION.get("name").asString()).isEqualTo(resource.version());
        assertThat(VERSION.get("served").asBoolean()).isTrue();
        assertThat(VERSION.get("storage").asBoolean()).isTrue();
        assertThat(VERSION.at("/subresources/status").isObject()).isTrue();
    }

    // What is read.

    /** A value that only this property has. */
    private static JsonNode distinct(String path, JsonNode schema) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (schema.path("type").asString()) {
            case "object" -> {
                ObjectNode object = nodes.objectNode();
                if (schema.has("additionalProperties")) {
                    object.put("key-of-" + last(path), "value-of-" + last(path));
                }
                schema.path("properties")
                        .properties()
                        .forEach(each ->
                                object.set(each.getKey(), distinct(path + "." + each.getKey(), each.getValue())));
                yield object;
            }
            case "array" -> {
                ArrayNode array = nodes.arrayNode();
                yield array.add(distinct(path, schema.get("items")));
            }
            default -> {
                assertThat(schema.path("type").asString()).as(path).isEqualTo("string");
                yield nodes.stringNode(schema.has("enum") ? schema.at("/enum/0").asString() : "a-" + last(path));
            }
        };
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    @Test
    void everyPropertyOfTheSpecIsRead() throws Exception {
        BlockRequestSpec spec = BlockRequestViewTest.read("{\"spec\":" + distinct("spec", SPEC) + "}")
                .spec();

        assertThat(spec.faults()).containsExactly("lockDuration: must be " + LockLength.SYNTAX);
        assertThat(spec.names().size()).isEqualTo(1);
        assertThat(spec.names()).usingRecursiveComparison().isEqualTo(RequestBuilder.names("a-namespaceNames"));
        assertThat(spec.selector())
                .isEqualTo(LabelSelector.of(
                        Map.of("key-of-matchLabels", "value-of-matchLabels"),
                        List.of(new Requirement("a-key", Operator.IN, List.of("a-values")))));
        assertThat(spec.action()).isEqualTo("locked");
        assertThat(spec.reason()).isEqualTo("a-reason");
        assertThat(spec.lockDuration()).isEqualTo("a-lockDuration");
        assertThat(properties("", SPEC))
                .as("a property more than those above")
                .containsOnlyKeys(
                        ".action",
                        ".lockDuration",
                        ".namespaceNames",
                        ".namespaceSelector",
                        ".namespaceSelector.matchExpressions",
                        ".namespaceSelector.matchExpressions[].key",
                        ".namespaceSelector.matchExpressions[].operator",
                        ".namespaceSelector.matchExpressions[].values",
                        ".namespaceSelector.matchLabels",
                        ".reason");
    }

    @Test
    void theActionsAndOperatorsAreThoseThatAreKnown() {
        assertThat(texts(SPEC.at("/properties/action/enum"))).containsExactlyInAnyOrder(Names.LOCKED, Names.ACTIVE);
        assertThat(texts(SPEC.at(
                        "/properties/namespaceSelector/properties/matchExpressions/items/properties/operator/enum")))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Operator.values()).map(Operator::toString).toList());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asString()));
        return texts;
    }

    /** The pattern within the rule on lockDuration, and what the controller reads. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1m",
                "90m",
                "24h",
                "7d",
                "permanent",
                "9999999m",
                "99999h",
                "9999d",
                "10000000m",
                "100000h",
                "10000d",
                "0m",
                "00m",
                "07d",
                "-1d",
                "1",
                "m",
                "1s",
                "1w",
                "1.5h",
                "1d1h",
                " 1d",
                "1d ",
                "Permanent",
                ""
            })
    void whatTheSchemaTakesForALengthIsOne(String text) {
        String rule = SPEC.at("/properties/lockDuration/x-kubernetes-validations/0/rule")
                .asString();
        String pattern = rule.substring(rule.indexOf('\'') + 1, rule.lastIndexOf('\''));

        boolean taken = text.matches(pattern);

        assertThat(pattern).startsWith("^").endsWith("$");
        if (taken) {
            assertThat(LockLength.parse(text)).isNotInstanceOf(LockLength.Unreadable.class);
            assertThat(text.length())
                    .isLessThanOrEqualTo(
                            SPEC.at("/properties/lockDuration/maxLength").asInt());
        }
        assertThat(taken).isEqualTo(text.matches("[1-9]\\d{0,6}m|[1-9]\\d{0,4}h|[1-9]\\d{0,3}d|permanent"));
    }

    // What is written.

    private static final BlockRequestStatus FULL = new BlockRequestStatus(
            1,
            List.of(new Condition("Ready", "True", 1, "2030-01-01T00:00:00Z", "Applied", "done")),
            4,
            1,
            1,
            2,
            "",
            List.of(new NamespaceStatus("a", "Failed", "does not exist")));

    private static JsonNode written(BlockRequestStatus status) {
        return new JsonMapper()
                .readTree(Json.write(json -> {
                    json.writeStartObject();
                    StatusJson.write(json, "status", status);
                    json.writeEndObject();
                }))
                .get("status");
    }

    @Test
    void whatIsWrittenIsWhatTheSchemaDescribesOfTheStatus() {
        Map<String, String> described = new TreeMap<>();
        properties("", STATUS)
                .forEach((path, schema) ->
                        described.put(path, schema.path("type").asString()));

        assertThat(types("", written(FULL))).isEqualTo(described);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conditions", "namespaceStatuses"})
    void whatMustBeThereIsWrittenEvenWhenThereIsNothingToSay(String list) {
        BlockRequestStatus bare = new BlockRequestStatus(
                1,
                List.of(new Condition("", "True", 0, "", "", "")),
                0,
                0,
                0,
                0,
                "",
                List.of(new NamespaceStatus("", "", "")));
        List<String> fields = new ArrayList<>();
        Iterator<Map.Entry<String, JsonNode>> each =
                written(bare).get(list).get(0).properties().iterator();
        each.forEachRemaining(field -> fields.add(field.getKey()));

        assertThat(fields).containsAll(texts(STATUS.at("/properties/" + list + "/items/required")));
    }

    @Test
    void theBoundsAreThoseThatAreKept() {
        assertThat(STATUS.at("/properties/namespaceStatuses/maxItems").asInt())
                .isEqualTo(BlockRequestStatus.MOST_NAMESPACE_STATUSES);
        assertThat(texts(STATUS.at("/properties/conditions/items/properties/status/enum")))
                .contains("True", "False");
        for (String reason : List.of(
                BlockRequestStatus.APPLIED,
                BlockRequestStatus.PROGRESSING,
                BlockRequestStatus.PARTLY_FAILED,
                BlockRequestStatus.NOT_ALLOWED)) {
            assertThat(STATUS.at("/properties/conditions/items/properties/reason/description")
                            .asString())
                    .contains(reason);
        }
    }

    // What people see.

    static Stream<Arguments> columns() {
        return Stream.of(
                Arguments.of("Action", "locked", 0),
                Arguments.of("Targets", "4", 0),
                Arguments.of("Locked", "1", 0),
                Arguments.of("Failed", "1", 0),
                Arguments.of("Ready", "True", 0),
                Arguments.of("Reason", "Applied", 1),
                Arguments.of("Age", "2030-01-01T00:00:00Z", 0));
    }

    @ParameterizedTest
    @MethodSource("columns")
    void eachColumnShowsAFieldThatThereIs(String name, String value, int priority) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.putObject("metadata").put("creationTimestamp", "2030-01-01T00:00:00Z");
        request.putObject("spec").put("action", "locked");
        request.set("status", written(FULL));
        JsonNode column = Stream.iterate(0, i -> i + 1)
                .map(i -> VERSION.at("/additionalPrinterColumns/" + i))
                .limit(VERSION.get("additionalPrinterColumns").size())
                .filter(each -> each.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();

        JsonNode shown = request.at(pointer(column.get("jsonPath").asString()));

        assertThat(shown.asString()).isEqualTo(value);
        assertThat(column.path("priority").asInt(0)).isEqualTo(priority);
        assertThat(column.get("type").asString()).isEqualTo(name.equals("Age") ? "date" : type(shown));
    }

    @Test
    void thereAreNoOtherColumns() {
        assertThat(VERSION.get("additionalPrinterColumns"))
                .hasSize((int) columns().count());
    }

    /** Of the one condition that there is. */
    private static String pointer(String jsonPath) {
        return jsonPath.replace("[?(@.type==\"Ready\")]", ".0").replace('.', '/');
    }

    static Stream<String> described() {
        return Stream.of(properties("spec", SPEC), properties("status", STATUS))
                .flatMap(each -> each.keySet().stream());
    }

    @ParameterizedTest
    @MethodSource("described")
    void eachPropertyIsDescribed(String path) {
        Map<String, JsonNode> all = properties("spec", SPEC);
        JsonNode schema = Optional.ofNullable(all.get(path))
                .orElseGet(() -> properties("status", STATUS).get(path));
        String description = schema.path("description").asString();

        assertThat(description).isNotBlank().isNotEqualToIgnoringCase(last(path));
        if (path.startsWith("spec")) {
            assertThat(description.split(" ").length).as(description).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void everyObjectSaysWhatItHolds() {
        List<String> untyped = new ArrayList<>();
        properties("", SCHEMA).forEach((path, schema) -> {
            boolean open = schema.path("type").asString().equals("object")
                    && !schema.has("properties")
                    && !schema.has("additionalProperties")
                    && !path.equals(".metadata");
            if (open || !schema.has("type")) {
                untyped.add(path);
            }
        });

        assertThat(untyped).isEmpty();
        assertThat(CRD.toString().getBytes(StandardCharsets.UTF_8).length).isLessThan(100_000);
    }
}
