package run.clawcloud.block.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static run.clawcloud.block.feed.Documents.elements;
import static run.clawcloud.block.feed.Documents.fields;
import static run.clawcloud.block.feed.Documents.number;
import static run.clawcloud.block.feed.Documents.text;
import static run.clawcloud.block.feed.Documents.textOrEmpty;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.BlockRequestStatus.Condition;
import run.clawcloud.block.api.BlockRequestStatus.NamespaceStatus;
import run.clawcloud.block.feed.Documents;
import run.clawcloud.block.kube.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/** Requests as the API server writes them, and what is no request at all. */
class BlockRequestViewTest {

    static BlockRequestView read(String document) {
        try (JsonParser parser = Json.parser(document.getBytes(StandardCharsets.UTF_8))) {
            parser.nextToken();
            BlockRequestView view = BlockRequestView.read(parser);
            assertThat(parser.currentToken()).isIn(JsonToken.END_OBJECT, JsonToken.VALUE_NULL);
            assertThat(parser.nextToken()).isNull();
            return view;
        }
    }

    private static final List<String> METADATA = List.of(
            "\"namespace\":\"ops\"",
            "\"name\":\"r\"",
            "\"uid\":\"u\"",
            "\"resourceVersion\":\"12\"",
            "\"generation\":3",
            "\"deletionTimestamp\":\"2030-01-01T00:00:00Z\"",
            "\"finalizers\":[\"theirs\",\"core.clawcloud.run/finalizer\"]",
            "\"labels\":{\"a\":\"b\"}",
            "\"managedFields\":[{\"fieldsV1\":{\"f:spec\":{}}}]");

    private static final List<String> SPEC = List.of(
            "\"namespaceNames\":[\"a\",\"b\"]",
            "\"namespaceSelector\":{\"matchLabels\":{\"team\":\"a\"}}",
            "\"action\":\"locked\"",
            "\"reason\":\"unpaid\"",
            "\"lockDuration\":\"24h\"",
            "\"later\":{\"unknown\":[1,{}]}");

    private static final List<String> STATUS = List.of(
            "\"observedGeneration\":3",
            "\"targetCount\":4",
            "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"observedGeneration\":3,"
                    + "\"lastTransitionTime\":\"2030-01-01T00:00:00Z\",\"reason\":\"Applied\",\"message\":\"done\"}]",
            "\"unknown\":[[]]");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void readsFieldsInAnyOrder(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 100; run++) {
            BlockRequestView view = read(object(
                    List.of(
                            "\"apiVersion\":\"core.clawcloud.run/v1\"",
                            "\"kind\":\"BlockRequest\"",
                            "\"metadata\":" + object(METADATA, random),
                            "\"spec\":" + object(SPEC, random),
                            "\"status\":" + object(STATUS, random)),
                    random));

            assertThat(view.key()).isEqualTo("ops/r");
            assertThat(view.uid()).isEqualTo("u");
            assertThat(view.resourceVersion()).isEqualTo(12);
            assertThat(view.generation()).isEqualTo(3);
            assertThat(view.deleting()).isTrue();
            assertThat(view.hasFinalizer()).isTrue();
            assertThat(view.finalizers()).containsExactly("theirs", "core.clawcloud.run/finalizer");
            assertThat(view.spec().names().size()).isEqualTo(2);
            assertThat(view.spec().selector()).isEqualTo(RequestBuilder.selector("team", "a"));
            assertThat(view.spec().action()).isEqualTo("locked");
            assertThat(view.spec().reason()).isEqualTo("unpaid");
            assertThat(view.spec().lockDuration()).isEqualTo("24h");
            assertThat(view.spec().faults()).isEmpty();
            assertThat(view.status().targetCount()).isEqualTo(4);
            assertThat(view.wasCarriedOut()).isTrue();
        }
    }

    @Test
    void agreesWithATreeHoweverTheDocumentIsChanged() {
        Documents.assertAgreeWhenMutated(
                15, 5_000, DOCUMENT, parser -> Read.of(BlockRequestView.read(parser)), BlockRequestViewTest::byTree);
    }

    @Test
    void agreesWithATreeWhateverBytesAreChanged() {
        Documents.assertAgreeWhenDamaged(
                16, 5_000, DOCUMENT, parser -> Read.of(BlockRequestView.read(parser)), BlockRequestViewTest::byTree);
    }

    @Test
    void aDocumentThatIsCutReadsTheSameOrIsAClearError() {
        Documents.assertWholeOrNothing(DOCUMENT, parser -> Read.of(BlockRequestView.read(parser)));
    }

    private static final String DOCUMENT = """
        {"kind":"BlockRequest","metadata":%s,"spec":%s,"status":%s}
        """.formatted(braced(METADATA), braced(SPEC), braced(STATUS));

    private static String braced(List<String> fields) {
        return "{" + String.join(",", fields) + "}";
    }

    /** What was read, without the selector: what that makes of nonsense, its own test says. */
    private record Read(
            List<Object> metadata, int names, String action, List<@Nullable String> why, BlockRequestStatus status) {

        static Read of(BlockRequestView view) {
            BlockRequestSpec spec = view.spec();
            return new Read(
                    List.of(
                            view.key(),
                            view.uid(),
                            view.resourceVersion(),
                            view.generation(),
                            view.deleting(),
                            view.finalizers()),
                    spec.names().size(),
                    spec.action(),
                    Arrays.asList(spec.reason(), spec.lockDuration()),
                    view.status());
        }
    }

    private static Read byTree(JsonNode tree) {
        Map<String, JsonNode> root = fields(tree);
        Map<String, JsonNode> metadata = fields(root.get("metadata"));
        Map<String, JsonNode> spec = fields(root.get("spec"));
        return new Read(
                List.of(
                        textOrEmpty(metadata.get("namespace")) + "/" + textOrEmpty(metadata.get("name")),
                        textOrEmpty(metadata.get("uid")),
                        Documents.resourceVersion(metadata.get("resourceVersion")),
                        number(metadata.get("generation"), 0),
                        text(metadata.get("deletionTimestamp")) != null,
                        texts(metadata.get("finalizers"))),
                (int) texts(spec.get("namespaceNames")).stream()
                        .mapToInt(each -> each.getBytes(StandardCharsets.UTF_8).length)
                        .filter(length -> length > 0 && length <= 63)
                        .count(),
                textOrEmpty(spec.get("action")),
                Arrays.asList(text(spec.get("reason")), text(spec.get("lockDuration"))),
                statusByTree(root.get("status")));
    }

    private static List<String> texts(@Nullable JsonNode array) {
        return elements(array).stream().map(Documents::textOrEmpty).toList();
    }

    private static BlockRequestStatus statusByTree(@Nullable JsonNode tree) {
        Map<String, JsonNode> status = fields(tree);
        return new BlockRequestStatus(
                number(status.get("observedGeneration"), 0),
                elements(status.get("conditions")).stream()
                        .map(Documents::fields)
                        .map(each -> new Condition(
                                textOrEmpty(each.get("type")),
                                textOrEmpty(each.get("status")),
                                number(each.get("observedGeneration"), 0),
                                textOrEmpty(each.get("lastTransitionTime")),
                                textOrEmpty(each.get("reason")),
                                textOrEmpty(each.get("message"))))
                        .toList(),
                number(status.get("targetCount"), 0),
                number(status.get("lockedCount"), 0),
                number(status.get("failedCount"), 0),
                number(status.get("processedNamespaceCount"), 0),
                textOrEmpty(status.get("selectorContinueToken")),
                elements(status.get("namespaceStatuses")).stream()
                        .map(Documents::fields)
                        .map(each -> new NamespaceStatus(
                                textOrEmpty(each.get("namespace")),
                                textOrEmpty(each.get("phase")),
                                textOrEmpty(each.get("message"))))
                        .toList());
    }

    private static String object(List<String> fields, Random random) {
        List<String> shuffled = new ArrayList<>(fields);
        Collections.shuffle(shuffled, random);
        return "{" + String.join(",", shuffled) + "}";
    }

    @Test
    void nullIsAsGoodAsNothing() {
        BlockRequestView absent = read("{\"metadata\":{\"name\":\"r\"},\"spec\":{}}");
        BlockRequestView nulls = read("{\"metadata\":{\"name\":\"r\",\"namespace\":null,\"uid\":null,"
                + "\"resourceVersion\":null,\"generation\":null,\"deletionTimestamp\":null,\"finalizers\":null},"
                + "\"spec\":{\"namespaceNames\":null,\"namespaceSelector\":null,\"action\":null,\"reason\":null,"
                + "\"lockDuration\":null},\"status\":null}");

        assertThat(nulls.withoutNames()).usingRecursiveComparison().isEqualTo(absent.withoutNames());
        assertThat(nulls.deleting()).isFalse();
        assertThat(nulls.holds()).isFalse();
        assertThat(nulls.status()).isEqualTo(BlockRequestStatus.NONE);
    }

    @Test
    void aRequestWithoutASpecHasAFault() {
        assertThat(read("{\"metadata\":{\"name\":\"r\"}}").spec().faults()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"locked, ''", "active, ''", "frozen, action: 'frozen' must be locked or active"})
    void anActionThatThereIsNotIsAFault(String action, String fault) {
        List<String> faults =
                read("{\"spec\":{\"action\":\"" + action + "\"}}").spec().faults();

        assertThat(String.join("", faults)).isEqualTo(fault);
    }

    @Test
    void aSelectorThatMeansNothingIsAFaultAndTheNamesStand() {
        BlockRequestView view = read(
                "{\"metadata\":{\"name\":\"r\"},\"spec\":{\"namespaceSelector\":{\"matchExpressions\":"
                        + "[{\"key\":\"a\",\"operator\":\"Near\"}]},\"namespaceNames\":[\"a\"],\"action\":\"locked\"}}");

        assertThat(view.spec().selector()).isNull();
        assertThat(view.spec().faults()).singleElement().asString().startsWith("namespaceSelector: ");
        assertThat(view.spec().names().size()).isEqualTo(1);
        assertThat(view.holds()).isTrue();
    }

    /** It would lock, no longer match, open, match, and so on. */
    @Test
    void aSelectorThatLooksAtWhatALockSetsIsAFault() {
        BlockRequestView view = read("{\"spec\":{\"namespaceSelector\":{\"matchExpressions\":"
                + "[{\"key\":\"clawcloud.run/status\",\"operator\":\"DoesNotExist\"}]},\"action\":\"locked\"}}");

        assertThat(view.spec().selector()).isNull();
        assertThat(view.spec().faults()).singleElement().asString().contains("clawcloud.run/status");
    }

    @Test
    void theEmptySelectorIsOne() {
        assertThat(read("{\"spec\":{\"namespaceSelector\":{}}}").spec().selector())
                .isNotNull();
    }

    @Test
    void readsAHundredThousandNames() {
        String names = IntStream.range(0, 100_000)
                .mapToObj(i -> "\"" + "n".repeat(57) + String.format("%06d", i) + "\"")
                .collect(Collectors.joining(","));

        BlockRequestView view = read("{\"spec\":{\"namespaceNames\":[" + names + "],\"action\":\"locked\"}}");

        assertThat(view.spec().names().size()).isEqualTo(100_000);
        assertThat(view.withoutNames().spec().names().size()).isZero();
        assertThat(view.withoutNames().holds()).isTrue();
    }

    /** Of the status: the generation it speaks of, and the reason. */
    @ParameterizedTest
    @CsvSource({
        "3, Applied,      true",
        "3, PartlyFailed, true",
        "3, Progressing,  false",
        "3, NotAllowed, false",
        "2, Applied,      false"
    })
    void wasCarriedOutWhenTheStatusOfThisGenerationSaysSo(long generation, String reason, boolean expected) {
        BlockRequestView view =
                read("{\"metadata\":{\"generation\":3},\"status\":{\"conditions\":[{\"type\":\"Other\"},"
                        + "{\"type\":\"Ready\",\"observedGeneration\":" + generation + ",\"reason\":\"" + reason
                        + "\"}]}}");

        assertThat(view.wasCarriedOut()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\":{\"name\":\"r\"",
                "{\"spec\":{\"namespaceNames\":\"a\"}}",
                "{\"metadata\":{\"name\":{}}}",
                "[]"
            })
    void whatIsNoRequestIsRefused(String document) {
        assertThatThrownBy(() -> read(document)).isInstanceOf(JacksonException.class);
    }
}
