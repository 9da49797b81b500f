package run.clawcloud.block.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.Documents.fields;
import static run.clawcloud.block.feed.Documents.resourceVersion;
import static run.clawcloud.block.feed.Documents.text;
import static run.clawcloud.block.feed.Documents.textOrEmpty;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class QuotaViewTest {

    private static final String DOCUMENT = """
        {
          "apiVersion": "v1",
          "kind": "ResourceQuota",
          "metadata": {
            "labels": {"app.kubernetes.io/managed-by": "block-controller", "other": "label"},
            "managedFields": [{"manager": "block-controller", "fieldsV1": {"f:spec": {"f:hard": {".": {}}}}}],
            "name": "block-controller-quota",
            "namespace": "tenant-1",
            "resourceVersion": "99",
            "uid": "u"
          },
          "spec": {"hard": {"pods": "0", "requests.cpu": "0"}},
          "status": {"hard": {"pods": "7"}, "used": {"pods": "3"}}
        }
        """;

    @Test
    void readsWhatAnApiServerWrites() {
        assertThat(read(DOCUMENT))
                .isEqualTo(new QuotaView(
                        "tenant-1",
                        "block-controller-quota",
                        99,
                        Map.of("pods", "0", "requests.cpu", "0"),
                        false,
                        true));
    }

    @Test
    void whatIsAbsentOrNullIsNotThere() {
        QuotaView bare = new QuotaView("", "", 0, Map.of(), false, false);

        assertThat(read("{}")).isEqualTo(bare);
        assertThat(read("{\"metadata\":null,\"spec\":null}")).isEqualTo(bare);
        assertThat(read("{\"metadata\":{\"labels\":null},\"spec\":{\"hard\":null}}"))
                .isEqualTo(bare);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"spec\":{\"scopes\":[\"BestEffort\"],\"hard\":{}}}",
                "{\"spec\":{\"hard\":{},\"scopeSelector\":{\"matchExpressions\":[]}}}"
            })
    void knowsOneThatIsNarrowed(String document) {
        assertThat(read(document).scoped()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"spec\":{\"scopes\":null,\"scopeSelector\":null}}", "{\"spec\":{\"scopes\":[]}}"})
    void noScopesAreNoScopesHoweverTheyAreWritten(String document) {
        assertThat(read(document).scoped()).isFalse();
    }

    @Test
    void knowsOnlyOurLabel() {
        assertThat(read("{\"metadata\":{\"labels\":{\"app.kubernetes.io/managed-by\":\"helm\"}}}")
                        .labelled())
                .isFalse();
    }

    @Test
    void readsAQuantityThatIsANumber() {
        assertThat(read("{\"spec\":{\"hard\":{\"pods\":0}}}").hard()).containsEntry("pods", "0");
    }

    @Test
    void aDocumentThatIsCutReadsTheSameOrIsAClearError() {
        Documents.assertWholeOrNothing(DOCUMENT, QuotaView::read);
    }

    @Test
    void agreesWithATreeHoweverTheDocumentIsChanged() {
        Documents.assertAgreeWhenMutated(9, 20_000, DOCUMENT, QuotaView::read, QuotaViewTest::byTree);
    }

    @Test
    void agreesWithATreeWhateverBytesAreChanged() {
        Documents.assertAgreeWhenDamaged(10, 20_000, DOCUMENT, QuotaView::read, QuotaViewTest::byTree);
    }

    private static QuotaView byTree(JsonNode tree) {
        Map<String, JsonNode> root = fields(tree);
        Map<String, JsonNode> metadata = fields(root.get("metadata"));
        Map<String, JsonNode> spec = fields(root.get("spec"));
        Map<String, String> hard = new HashMap<>();
        fields(spec.get("hard")).forEach((resource, quantity) -> hard.put(resource, textOrEmpty(quantity)));
        @Nullable String manager = text(fields(metadata.get("labels")).get("app.kubernetes.io/managed-by"));
        return new QuotaView(
                textOrEmpty(metadata.get("namespace")),
                textOrEmpty(metadata.get("name")),
                resourceVersion(metadata.get("resourceVersion")),
                hard,
                false,
                "block-controller".equals(manager));
    }

    private static QuotaView read(String document) {
        return Documents.decode(document.getBytes(UTF_8), QuotaView::read);
    }
}
