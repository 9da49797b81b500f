package run.clawcloud.block.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static run.clawcloud.block.feed.Documents.fields;
import static run.clawcloud.block.feed.Documents.resourceVersion;
import static run.clawcloud.block.feed.Documents.text;
import static run.clawcloud.block.feed.Documents.textOrEmpty;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class NamespaceViewTest {

    /** As an API server writes it. */
    private static final String DOCUMENT = """
        {
          "apiVersion": "v1",
          "kind": "Namespace",
          "metadata": {
            "annotations": {
              "clawcloud.run/unlock-timestamp": "2030-01-08T00:00:00Z",
              "core.clawcloud.run/lock-duration": "7d",
              "core.clawcloud.run/lock-reason": "unpaid",
              "kubectl.kubernetes.io/last-applied-configuration": "{\\"kind\\":\\"Namespace\\",\\"metadata\\":{}}\\n"
            },
            "creationTimestamp": "2029-06-01T08:00:00Z",
            "generation": 3,
            "labels": {
              "clawcloud.run/status": "locked",
              "core.clawcloud.run/applied": "locking",
              "kubernetes.io/metadata.name": "tenant-1"
            },
            "managedFields": [
              {
                "apiVersion": "v1",
                "fieldsType": "FieldsV1",
                "fieldsV1": {"f:metadata": {"f:labels": {".": {}, "f:clawcloud.run/status": {}}}},
                "manager": "kubectl",
                "operation": "Update",
                "time": "2029-06-01T08:00:00Z"
              }
            ],
            "name": "tenant-1",
            "resourceVersion": "4711",
            "uid": "0a1b2c3d-0000-4000-8000-000000000001"
          },
          "spec": {"finalizers": ["kubernetes"]},
          "status": {"phase": "Active", "conditions": [{"type": "x", "status": "False"}]}
        }
        """;

    private static final NamespaceView VIEW = new NamespaceView(
            "tenant-1",
            "0a1b2c3d-0000-4000-8000-000000000001",
            4711,
            "locked",
            "locking",
            "2030-01-08T00:00:00Z",
            "7d",
            "unpaid",
            null,
            null,
            null,
            null,
            false,
            Matches.NONE);

    @Test
    void readsWhatAnApiServerWrites() {
        assertThat(read(DOCUMENT)).isEqualTo(VIEW);
    }

    @Test
    void takesFieldsInAnyOrder() {
        long seed = 42;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            ObjectNode document = tree();
            shuffle(document, random);
            assertThat(read(document.toString()))
                    .as("seed %d, %s", seed, document)
                    .isEqualTo(VIEW);
        }
    }

    @Test
    void whatIsAbsentOrNullIsNotThere() {
        NamespaceView bare = new NamespaceView(
                "a", "", 0, null, null, null, null, null, null, null, null, null, false, Matches.NONE);

        assertThat(read("{\"metadata\":{\"name\":\"a\"}}")).isEqualTo(bare);
        assertThat(read("""
                {"metadata":{"name":"a","uid":null,"resourceVersion":null,"labels":null,"annotations":null,
                 "deletionTimestamp":null},"spec":null,"status":null}""")).isEqualTo(bare);
        assertThat(read("""
                {"metadata":{"name":"a","labels":{"clawcloud.run/status":null,"core.clawcloud.run/applied":null},
                 "annotations":{"clawcloud.run/unlock-timestamp":null,"core.clawcloud.run/lock-duration":null}},
                 "status":{"phase":null}}""")).isEqualTo(bare);
    }

    @Test
    void anEmptyLabelIsALabel() {
        assertThat(read("{\"metadata\":{\"labels\":{\"clawcloud.run/status\":\"\"}}}")
                        .status())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\":{\"deletionTimestamp\":\"2030-01-01T00:00:00Z\"}}",
                "{\"status\":{\"phase\":\"Terminating\"}}",
                "{\"status\":{\"phase\":\"Terminating\"},\"metadata\":{\"deletionTimestamp\":null}}",
                "{\"metadata\":{\"deletionTimestamp\":\"2030-01-01T00:00:00Z\"},\"status\":{\"phase\":\"Active\"}}"
            })
    void knowsOneThatIsBeingDeleted(String document) {
        assertThat(read(document).terminating()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "\\u0022quoted\\u0022, \"quoted\"",
        "\\t\\\\\\/x, '\t\\/x'",
        "\\ud83d\\ude80, \ud83d\ude80",
        "\u4e16\u754c \u00e4\ud83d\ude80, \u4e16\u754c \u00e4\ud83d\ude80"
    })
    void readsEscapesAndOtherScripts(String written, String meant) {
        NamespaceView view =
                read("{\"metadata\":{\"annotations\":{\"core.clawcloud.run\\/lock-reason\":\"" + written + "\"}}}");

        assertThat(view.lockReason()).isEqualTo(meant);
    }

    @Test
    void skipsWhatIsHuge() {
        ObjectNode document = tree();
        ObjectNode huge = Documents.MAPPER.createObjectNode();
        for (int i = 0; i < 50_000; i++) {
            huge.putObject("f:annotation-" + i)
                    .putObject("k:{\"type\":\"clawcloud.run/status\"}")
                    .put(".", "{}");
        }
        ((ObjectNode) document.get("metadata")).set("managedFields", huge);

        assertThat(read(document.toString())).isEqualTo(VIEW);
    }

    @Test
    void aDocumentThatIsCutReadsTheSameOrIsAClearError() {
        Documents.assertWholeOrNothing(DOCUMENT, ViewBuilder::read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "7",
                "{\"metadata\":[]}",
                "{\"metadata\":\"x\"}",
                "{\"metadata\":{\"name\":{}}}",
                "{\"metadata\":{\"labels\":[]}}",
                "{\"metadata\":{\"labels\":{\"clawcloud.run/status\":[\"locked\"]}}}",
                "{\"status\":{\"phase\":{}}}"
            })
    void aFieldOfTheWrongShapeIsAnError(String document) {
        assertThatThrownBy(() -> read(document)).isInstanceOf(JacksonException.class);
    }

    @Test
    void agreesWithATreeHoweverTheDocumentIsChanged() {
        Documents.assertAgreeWhenMutated(7, 20_000, DOCUMENT, ViewBuilder::read, NamespaceViewTest::byTree);
    }

    @Test
    void agreesWithATreeWhateverBytesAreChanged() {
        Documents.assertAgreeWhenDamaged(8, 50_000, DOCUMENT, ViewBuilder::read, NamespaceViewTest::byTree);
    }

    /** Jackson ends a document that is nested more than 500 deep. */
    @Test
    void skipsWhatIsDeepAndRefusesWhatIsBottomless() {
        assertThat(read(DOCUMENT.replaceFirst("\\{", "{\"deep\":" + nested(490) + ",")))
                .isEqualTo(VIEW);
        assertThatThrownBy(() -> read(DOCUMENT.replaceFirst("\\{", "{\"deep\":" + nested(100_000) + ",")))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("depth");
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static NamespaceView byTree(JsonNode tree) {
        Map<String, JsonNode> root = fields(tree);
        Map<String, JsonNode> metadata = fields(root.get("metadata"));
        Map<String, JsonNode> labels = fields(metadata.get("labels"));
        Map<String, JsonNode> annotations = fields(metadata.get("annotations"));
        @Nullable String phase = text(fields(root.get("status")).get("phase"));
        return new NamespaceView(
                textOrEmpty(metadata.get("name")),
                textOrEmpty(metadata.get("uid")),
                resourceVersion(metadata.get("resourceVersion")),
                text(labels.get("clawcloud.run/status")),
                text(labels.get("core.clawcloud.run/applied")),
                text(annotations.get("clawcloud.run/unlock-timestamp")),
                text(annotations.get("core.clawcloud.run/lock-duration")),
                text(annotations.get("core.clawcloud.run/lock-reason")),
                text(annotations.get("core.clawcloud.run/held-by")),
                text(annotations.get("core.clawcloud.run/locked-at")),
                text(annotations.get("core.clawcloud.run/original-lock-reason")),
                text(annotations.get("core.clawcloud.run/original-lock-duration")),
                text(metadata.get("deletionTimestamp")) != null || "Terminating".equals(phase),
                Matches.NONE);
    }

    private static void shuffle(ObjectNode object, Random random) {
        List<String> names = new ArrayList<>(object.propertyNames());
        Collections.shuffle(names, random);
        names.forEach(each -> object.set(each, object.remove(each)));
        for (JsonNode child : object) {
            if (child instanceof ObjectNode inner) {
                shuffle(inner, random);
            }
        }
    }

    private static ObjectNode tree() {
        return (ObjectNode) Documents.MAPPER.readTree(DOCUMENT);
    }

    private static NamespaceView read(String document) {
        return Documents.decode(document.getBytes(UTF_8), ViewBuilder::read);
    }
}
