package run.clawcloud.block.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kube.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Documents for the decoders: made by chance, and read a second time by way of a tree. */
public final class Documents {

    /** The tree says that a field is of the wrong shape. */
    public static final class WrongShape extends RuntimeException {}

    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final JsonMapper WITHOUT_DUPLICATES = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final byte[] LIKELY = "{}[]:,\"\\\ntu0-.e\u00e4".getBytes(UTF_8);

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Documents() {}

    /** Reads one document with a decoder, and checks that it consumed exactly that. */
    public static <T> T decode(byte[] document, Function<JsonParser, T> decoder) {
        try (JsonParser parser = Json.parser(document)) {
            parser.nextToken();
            T decoded = decoder.apply(parser);
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "the decoder stands not at the end of the document");
            }
            return decoded;
        }
    }

    /**
     * The decoder either agrees with the tree or both refuse; it fails with nothing but {@link JacksonException}. What
     * it makes of a key that is there twice is left open: an API server encodes structs and maps, which have none.
     */
    public static <T> void assertAgree(
            String as, byte[] document, Function<JsonParser, T> decoder, Function<JsonNode, T> byTree) {
        T expected;
        try {
            JsonNode tree = MAPPER.readTree(document);
            expected = byTree.apply(tree);
        } catch (JacksonException | WrongShape e) {
            try {
                T decoded = decode(document, decoder);
                throw new AssertionError(as + ": the tree refuses it, the decoder reads " + decoded, e);
            } catch (JacksonException refused) {
                return;
            }
        }
        T decoded;
        try {
            decoded = decode(document, decoder);
        } catch (JacksonException e) {
            if (hasDuplicates(document)) {
                return;
            }
            throw new AssertionError(as + ": the decoder refuses what the tree reads", e);
        }
        if (!expected.equals(decoded) && !hasDuplicates(document)) {
            assertThat(decoded).as(as).isEqualTo(expected);
        }
    }

    private static boolean hasDuplicates(byte[] document) {
        try {
            WITHOUT_DUPLICATES.readTree(document);
            return false;
        } catch (JacksonException e) {
            return true;
        }
    }

    /** As {@link #assertAgree}, of the document with so many changes of its shape, again and again. */
    public static <T> void assertAgreeWhenMutated(
            long seed, int times, String document, Function<JsonParser, T> decoder, Function<JsonNode, T> byTree) {
        Random random = new Random(seed);
        for (int i = 0; i < times; i++) {
            ObjectNode tree = (ObjectNode) MAPPER.readTree(document);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                mutate(tree, random);
            }
            String text = tree.toString();
            assertAgree("seed " + seed + ", " + text, text.getBytes(UTF_8), decoder, byTree);
        }
    }

    /** As {@link #assertAgree}, of the document with one byte or two changed, again and again. */
    public static <T> void assertAgreeWhenDamaged(
            long seed, int times, String document, Function<JsonParser, T> decoder, Function<JsonNode, T> byTree) {
        Random random = new Random(seed);
        byte[] whole = MAPPER.readTree(document).toString().getBytes(UTF_8);
        for (int i = 0; i < times; i++) {
            byte[] bytes = whole.clone();
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] =
                        random.nextBoolean() ? LIKELY[random.nextInt(LIKELY.length)] : (byte) random.nextInt(256);
            }
            assertAgree("seed " + seed + ", " + new String(bytes, UTF_8), bytes, decoder, byTree);
        }
    }

    /** However the network cuts it in two, the document reads the same; and none of its beginnings reads as one. */
    public static <T> void assertWholeOrNothing(String document, Function<JsonParser, T> decoder) {
        byte[] whole = document.strip().getBytes(UTF_8);
        T expected = decode(whole, decoder);
        for (int at = 1; at < whole.length; at++) {
            byte[] beginning = Arrays.copyOf(whole, at);
            InputStream inTwo = new SequenceInputStream(
                    new ByteArrayInputStream(beginning), new ByteArrayInputStream(whole, at, whole.length - at));
            try (JsonParser parser = Json.parser(inTwo)) {
                parser.nextToken();
                assertThat(decoder.apply(parser)).as("cut at %d", at).isEqualTo(expected);
                assertThat(parser.nextToken()).isNull();
            }
            assertThatThrownBy(() -> decode(beginning, decoder))
                    .as(new String(beginning, UTF_8))
                    .isInstanceOf(JacksonException.class);
        }
    }

    /** The fields of an object; none when it is absent or null. */
    public static Map<String, JsonNode> fields(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return Map.of();
        }
        if (!node.isObject()) {
            throw new WrongShape();
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        node.properties().forEach(each -> fields.put(each.getKey(), each.getValue()));
        return fields;
    }

    /** The text of a scalar; null when it is absent or null. */
    public static @Nullable String text(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (node.isContainer()) {
            throw new WrongShape();
        }
        return node.asString();
    }

    public static String textOrEmpty(@Nullable JsonNode node) {
        String text = text(node);
        return text == null ? "" : text;
    }

    /** 0 when it is absent or null. */
    public static long resourceVersion(@Nullable JsonNode node) {
        String text = text(node);
        if (text == null) {
            return 0;
        }
        if (!text.matches("[0-9]+") || new BigInteger(text).bitLength() > 63) {
            throw new WrongShape();
        }
        return Long.parseLong(text);
    }

    /** A whole number of 64 bits; {@code absent} when it is absent or null. */
    public static long number(@Nullable JsonNode node, long absent) {
        if (node == null || node.isNull()) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new WrongShape();
        }
        return node.longValue();
    }

    /** False when it is absent or null. */
    public static boolean isTrue(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return false;
        }
        if (!node.isBoolean()) {
            throw new WrongShape();
        }
        return node.booleanValue();
    }

    /** The elements of an array; none when it is absent or null. */
    public static List<JsonNode> elements(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw new WrongShape();
        }
        return List.copyOf(node.asArray().elements());
    }

    /** Changes something somewhere: a value of another shape, a field more, a field less, another order. */
    public static void mutate(ObjectNode root, Random random) {
        List<ObjectNode> objects = new ArrayList<>(List.of(root));
        for (int i = 0; i < objects.size(); i++) {
            for (JsonNode child : objects.get(i)) {
                if (child instanceof ObjectNode object) {
                    objects.add(object);
                }
            }
        }
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>(object.propertyNames());
        String name = names.isEmpty() ? "new" : names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
            case 0 -> object.set(name, value(random, 2));
            case 1 -> object.set("unknown-" + random.nextInt(10), value(random, 3));
            case 2 -> object.remove(name);
            default -> {
                Collections.shuffle(names, random);
                names.forEach(each -> object.set(each, object.remove(each)));
            }
        }
    }

    private static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextInt());
            case 3 -> NODES.stringNode("");
            case 4 -> NODES.stringNode("z\u00e4h\u4e16\ud83d\ude80 \"\\\n\u0001" + random.nextInt());
            case 5 -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set("name-" + i, value(random, depth - 1));
                }
                yield object;
            }
        };
    }
}
