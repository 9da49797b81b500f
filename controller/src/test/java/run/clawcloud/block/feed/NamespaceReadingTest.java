package run.clawcloud.block.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static run.clawcloud.block.feed.Documents.fields;
import static run.clawcloud.block.feed.Documents.text;
import static run.clawcloud.block.feed.Documents.textOrEmpty;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.feed.LabelSelector.Operator;
import run.clawcloud.block.feed.LabelSelector.Requirement;
import run.clawcloud.block.kube.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The reading, used again and again, against the tree of another parser. */
class NamespaceReadingTest {

    private static final Map<Integer, LabelSelector> SELECTORS = selectors();

    private final AtomicReference<Selectors> selectors = new AtomicReference<>(Selectors.of(0, SELECTORS));
    private final NamespaceReading reading = new NamespaceReading(selectors::get);

    private static Map<Integer, LabelSelector> selectors() {
        try {
            return Map.of(
                    1, LabelSelector.of(Map.of("tier", "gold"), List.of()),
                    4, LabelSelector.of(Map.of(), List.of(requirement("tier", Operator.NOT_IN, "gold", "silver"))),
                    5, LabelSelector.of(Map.of("clawcloud.run/status", "locked"), List.of()),
                    9, LabelSelector.of(Map.of("a", ""), List.of(requirement("example.com/b", Operator.EXISTS))));
        } catch (InvalidSelectorException e) {
            throw new AssertionError(e);
        }
    }

    private static Requirement requirement(String key, Operator operator, String... values) {
        return new Requirement(key, operator, List.of(values));
    }

    /** One reading for all of them: whatever the one before has left would be seen in the next. */
    @Test
    void agreesWithATreeHoweverTheDocumentLooks() {
        long seed = 23;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            ObjectNode document = document(random);
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                Documents.mutate(document, random);
            }
            shuffle(document, random);
            byte[] text = write(document, random).getBytes(UTF_8);
            Documents.assertAgree(
                    "seed " + seed + ", " + new String(text, UTF_8),
                    text,
                    parser -> reading.read(parser).view(),
                    NamespaceReadingTest::byTree);
        }
    }

    @Test
    void agreesWithATreeWhereverTheNetworkCutsTheDocument() {
        long seed = 29;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            ObjectNode document = document(random);
            String text = write(document, random);
            InputStream inPieces = new FilterInputStream(new ByteArrayInputStream(text.getBytes(UTF_8))) {
                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    return super.read(target, offset, Math.min(length, 1 + random.nextInt(7)));
                }
            };
            try (JsonParser parser = Json.parser(inPieces)) {
                parser.nextToken();
                assertThat(reading.read(parser).view())
                        .as("seed %d, %s", seed, text)
                        .isEqualTo(byTree(document));
            }
        }
    }

    @Test
    void aDocumentThatIsCutIsAnErrorAndLeavesNothing() {
        ObjectNode document = document(new Random(1));
        byte[] whole = document.toString().getBytes(UTF_8);
        byte[] bare = "{\"metadata\":{\"name\":\"bare\"}}".getBytes(UTF_8);
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> view(cut)).isInstanceOf(JacksonException.class);
            assertThat(view(bare)).isEqualTo(byTree(Documents.MAPPER.readTree(bare)));
        }
    }

    @Test
    void holdsTheNameAsBytes() {
        String longest = "n".repeat(63);
        for (String name : List.of("a", longest, "", "z\u00e4h\u4e16\ud83d\ude80", "n".repeat(500), "b")) {
            read("{\"metadata\":{\"name\":\"" + name + "\"}}");

            assertThat(new String(reading.nameBytes(), 0, reading.nameLength(), UTF_8))
                    .isEqualTo(name);
            assertThat(reading.view().name()).isEqualTo(name);
        }
        read("{}");
        assertThat(reading.nameLength()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "{'labels':{'clawcloud.run/status':'whatever','tier':'silver'}} | true",
                "{'labels':{'clawcloud.run/status':'','tier':'silver'}}         | true",
                "{'labels':{'core.clawcloud.run/applied':'x','tier':'silver'}}  | true",
                "{'labels':{'tier':'silver'},'annotations':{'clawcloud.run/unlock-timestamp':'x'}}   | true",
                "{'labels':{'tier':'silver'},'annotations':{'core.clawcloud.run/held-by':'a/b'}}     | true",
                "{'labels':{'tier':'silver'},'annotations':{'core.clawcloud.run/lock-reason':'x'}}   | false",
                "{'labels':{'tier':'silver'},'annotations':{'core.clawcloud.run/lock-duration':'x'}} | false",
                "{'labels':{'tier':'silver'},'annotations':{'core.clawcloud.run/locked-at':'x'}}     | false",
                "{'labels':{'tier':'silver'},'annotations':{'clawcloud.run/status':'locked'}}        | false",
                "{'labels':{'tier':'gold'}}   | true",
                "{'labels':{'tier':'bronze'}} | true",
                "{}                           | true",
                "{'labels':{'tier':'silver'}} | false",
                "{'labels':{'clawcloud.run/status':null,'tier':'silver'}} | false",
            })
    void knowsWhatIsOurs(String metadata, boolean ours) {
        assertThat(read("{\"metadata\":" + metadata.replace('\'', '"') + "}").ours())
                .isEqualTo(ours);
    }

    @Test
    void takesUpOtherSelectorsWithTheNextNamespace() {
        String gold = "{\"metadata\":{\"labels\":{\"tier\":\"gold\",\"a\":\"\"}}}";
        assertThat(read(gold).view().matches()).isEqualTo(Matches.of(0, SELECTORS.keySet(), Set.of(1)));

        selectors.set(Selectors.NONE);
        assertThat(reading.view().matches()).isEqualTo(Matches.of(0, SELECTORS.keySet(), Set.of(1)));
        assertThat(read(gold).view().matches()).isEqualTo(Matches.NONE);
        assertThat(reading.ours()).isFalse();

        selectors.set(Selectors.of(0, SELECTORS));
        assertThat(read(gold).view().matches()).isEqualTo(Matches.of(0, SELECTORS.keySet(), Set.of(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"abc\"", "\"\"", "\"-1\"", "-1", "1.5", "true", "\"1 \"", "\"9223372036854775808\"", "\"0x1\""
            })
    void aVersionThatIsNoDecimalNumberIsAnErrorThatSaysSo(String version) {
        assertThatThrownBy(() -> read("{\"metadata\":{\"resourceVersion\":" + version + "}}"))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("the resourceVersion '" + version.replace("\"", "") + "' is no decimal number");
    }

    @Test
    void readsTheGreatestVersion() {
        assertThat(read("{\"metadata\":{\"resourceVersion\":\"9223372036854775807\"}}")
                        .resourceVersion())
                .isEqualTo(Long.MAX_VALUE);
    }

    /** Every namespace with keys of its own, more than any table of names holds. */
    @Test
    void readsOnHoweverManyNamesThereAre() {
        StringBuilder documents = new StringBuilder();
        int count = 150_000;
        for (int i = 0; i < count; i++) {
            documents
                    .append("{\"metadata\":{\"name\":\"n\",\"labels\":{\"team-")
                    .append(i)
                    .append(".tree.example.com/depth\":\"0\",\"tier\":\"gold\"}}}\n");
        }
        try (JsonParser parser =
                Json.parser(new ByteArrayInputStream(documents.toString().getBytes(UTF_8)))) {
            for (int i = 0; i < count; i++) {
                parser.nextToken();
                assertThat(reading.read(parser).ours()).isTrue();
            }
            assertThat(parser.nextToken()).isNull();
        }
    }

    private static ObjectNode document(Random random) {
        ObjectNode document = Documents.MAPPER.createObjectNode();
        ObjectNode metadata = document.put("kind", "Namespace").putObject("metadata");
        metadata.put("name", "tenant-" + random.nextInt(1000))
                .put("uid", "0a1b2c3d-" + random.nextInt())
                .put("resourceVersion", Long.toString(random.nextLong(Long.MAX_VALUE)));
        if (random.nextInt(4) == 0) {
            metadata.put("deletionTimestamp", "2030-01-01T00:00:00Z");
        }
        some(
                metadata.putObject("labels"),
                random,
                List.of("clawcloud.run/status", "core.clawcloud.run/applied", "tier", "a", "example.com/b", "other"));
        some(
                metadata.putObject("annotations"),
                random,
                List.of(
                        "clawcloud.run/unlock-timestamp",
                        "core.clawcloud.run/lock-duration",
                        "core.clawcloud.run/lock-reason",
                        "core.clawcloud.run/held-by",
                        "core.clawcloud.run/locked-at",
                        "core.clawcloud.run/original-lock-reason",
                        "core.clawcloud.run/original-lock-duration",
                        "tier"));
        ObjectNode managed = metadata.putArray("managedFields").addObject();
        for (int i = random.nextInt(8) == 0 ? 200 : 2; i > 0; i--) {
            managed.putObject("f:" + i).putObject("k:{\"uid\":\"" + i + "\"}").put("clawcloud.run/status", "locked");
        }
        document.putObject("status").put("phase", random.nextInt(4) == 0 ? "Terminating" : "Active");
        return document;
    }

    private static void some(ObjectNode object, Random random, List<String> keys) {
        for (String key : keys) {
            if (random.nextBoolean()) {
                object.put(key, value(random));
            }
        }
    }

    private static @Nullable String value(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> "gold";
            case 3 -> "silver";
            case 4 -> "locked";
            case 5 -> "\"z\u00e4h\u4e16\ud83d\ude80\\\n\u0001";
            case 6 -> "long ".repeat(random.nextInt(random.nextInt(10) == 0 ? 3_000 : 30));
            case 7 -> "2030-01-01T00:00:00Z";
            default -> "v" + random.nextInt();
        };
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

    /** Now and then pretty, or with everything escaped that may be. */
    private static String write(ObjectNode document, Random random) {
        if (random.nextInt(4) == 0) {
            return document.toPrettyString();
        }
        String text = document.toString();
        if (random.nextBoolean()) {
            return text;
        }
        StringBuilder written = new StringBuilder();
        boolean inString = false;
        boolean afterBackslash = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escape =
                    c >= 0x80 || (inString && !afterBackslash && Character.isLetter(c) && random.nextInt(20) == 0);
            written.append(escape ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            if (c == '"' && !afterBackslash) {
                inString = !inString;
            }
            afterBackslash = c == '\\' && !afterBackslash;
        }
        return written.toString();
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
                Documents.resourceVersion(metadata.get("resourceVersion")),
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
                matches(labels));
    }

    private static Matches matches(Map<String, JsonNode> labels) {
        Map<String, String> texts = new HashMap<>();
        for (String key : List.of("tier", "a", "example.com/b", "clawcloud.run/status")) {
            @Nullable String text = text(labels.get(key));
            if (text != null) {
                texts.put(key, text);
            }
        }
        Set<Integer> matched = new HashSet<>();
        SELECTORS.forEach((number, selector) -> {
            if (selector.matches(texts)) {
                matched.add(number);
            }
        });
        return Matches.of(0, SELECTORS.keySet(), matched);
    }

    private NamespaceReading read(String document) {
        return Documents.decode(document.getBytes(UTF_8), reading::read);
    }

    private NamespaceView view(byte[] document) {
        return Documents.decode(document, parser -> reading.read(parser).view());
    }
}
