package run.clawcloud.block.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
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
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Selectors: what they match, against an evaluation of the JSON as it stands, and what they refuse. */
class LabelSelectorTest {

    private static final List<Operator> OPERATORS = List.of(Operator.values());

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "{}                                                                      | true  | true  | true",
                "{'matchLabels':{},'matchExpressions':[]}                                | true  | true  | true",
                "{'matchLabels':null,'matchExpressions':null}                            | true  | true  | true",
                "{'matchLabels':{'tier':'gold'}}                                         | false | true  | false",
                "{'matchExpressions':[{'key':'tier','operator':'In','values':['gold']}]} | false | true  | false",
                "{'matchExpressions':[{'key':'tier','operator':'In','values':['a','']}]} | false | false | true",
                "{'matchExpressions':[{'key':'tier','operator':'NotIn','values':['gold']}]} | true | false | true",
                "{'matchExpressions':[{'key':'tier','operator':'Exists'}]}               | false | true  | true",
                "{'matchExpressions':[{'key':'tier','operator':'DoesNotExist','values':[]}]} | true | false | false",
                "{'matchLabels':{'tier':'gold','b':'c'}}                                 | false | false | false",
            })
    void matchesWhatKubernetesMatches(String selector, boolean without, boolean gold, boolean empty) throws Exception {
        LabelSelector read = read(selector.replace('\'', '"'));

        assertThat(read.matches(Map.of("other", "label"))).isEqualTo(without);
        assertThat(read.matches(Map.of("tier", "gold"))).isEqualTo(gold);
        assertThat(read.matches(Map.of("tier", ""))).isEqualTo(empty);
    }

    @Test
    void agreesWithAPlainEvaluation() throws Exception {
        long seed = 17;
        Random random = new Random(seed);
        int[] matched = {0, 0};
        for (int i = 0; i < 20_000; i++) {
            ObjectNode selector = selector(random);
            Map<String, String> labels = labels(random);
            boolean expected = matches(selector, labels);
            matched[expected ? 1 : 0]++;

            assertThat(read(selector.toString()).matches(labels))
                    .as("seed %d, %s of %s", seed, selector, labels)
                    .isEqualTo(expected);
        }
        assertThat(Math.min(matched[0], matched[1])).as("both happen").isGreaterThan(2_000);
    }

    private static ObjectNode selector(Random random) {
        ObjectNode selector = Documents.MAPPER.createObjectNode();
        ObjectNode matchLabels = selector.putObject("matchLabels");
        for (int i = random.nextInt(2); i > 0; i--) {
            matchLabels.put(key(random), value(random));
        }
        var matchExpressions = selector.putArray("matchExpressions");
        for (int i = random.nextInt(3); i > 0; i--) {
            Operator operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
            ObjectNode expression =
                    matchExpressions.addObject().put("key", key(random)).put("operator", operator.toString());
            if (operator == Operator.IN || operator == Operator.NOT_IN) {
                var values = expression.putArray("values");
                for (int j = 1 + random.nextInt(5); j > 0; j--) {
                    values.add(value(random));
                }
            }
        }
        return selector;
    }

    private static Map<String, String> labels(Random random) {
        Map<String, String> labels = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            labels.put(key(random), value(random));
        }
        return labels;
    }

    private static String key(Random random) {
        return List.of("tier", "example.com/tier", "a", "clawcloud.run/status").get(random.nextInt(4));
    }

    private static String value(Random random) {
        return List.of("", "a", "A", "ab", "gold", "golden", "locked").get(random.nextInt(7));
    }

    /** As the documentation of the API says it. */
    private static boolean matches(JsonNode selector, Map<String, String> labels) {
        for (Map.Entry<String, JsonNode> each : selector.get("matchLabels").properties()) {
            if (!each.getValue().asString().equals(labels.get(each.getKey()))) {
                return false;
            }
        }
        for (JsonNode each : selector.get("matchExpressions")) {
            @Nullable String label = labels.get(each.get("key").asString());
            boolean among = false;
            if (each.get("values") != null) {
                for (JsonNode value : each.get("values")) {
                    among |= value.asString().equals(label);
                }
            }
            boolean holds = switch (each.get("operator").asString()) {
                case "In" -> among;
                case "NotIn" -> !among;
                case "Exists" -> label != null;
                default -> label == null;
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    @Test
    void theOrderInWhichThingsAreRequiredMakesNoDifference() throws Exception {
        LabelSelector selector = LabelSelector.of(
                Map.of("a", "b"),
                List.of(
                        new Requirement("c", Operator.NOT_IN, List.of("y", "x", "y")),
                        new Requirement("d", Operator.EXISTS, List.of())));

        assertThat(selector)
                .isEqualTo(LabelSelector.of(
                        Map.of(),
                        List.of(
                                new Requirement("d", Operator.EXISTS, List.of()),
                                new Requirement("c", Operator.NOT_IN, List.of("x", "y")),
                                new Requirement("a", Operator.IN, List.of("b")),
                                new Requirement("a", Operator.IN, List.of("b")))))
                .hasSameHashCodeAs(LabelSelector.of(
                        Map.of(),
                        List.of(
                                new Requirement("c", Operator.NOT_IN, List.of("x", "y")),
                                new Requirement("a", Operator.IN, List.of("b")),
                                new Requirement("d", Operator.EXISTS, List.of()))))
                .hasToString("a in (b),c notin (x,y),d")
                .isNotEqualTo(LabelSelector.of(Map.of("a", "b"), List.of()));
        assertThat(LabelSelector.of(Map.of(), List.of(new Requirement("a", Operator.DOES_NOT_EXIST, List.of()))))
                .hasToString("!a");
        assertThat(LabelSelector.of(Map.of(), List.of())).hasToString("");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "{'matchExpressions':[{'key':'a','operator':'Exists'},{'key':'a','operator':'Near'}]} "
                        + "| matchExpressions[1].operator 'Near' must be In, NotIn, Exists or DoesNotExist",
                "{'matchExpressions':[{'key':'a'}]} "
                        + "| matchExpressions[0].operator '' must be In, NotIn, Exists or DoesNotExist",
                "{'matchExpressions':[{'key':'a','operator':'in','values':['b']}]} "
                        + "| matchExpressions[0].operator 'in' must be In, NotIn, Exists or DoesNotExist",
                "{'matchExpressions':[{'key':'a','operator':'In'}]} "
                        + "| matchExpressions[0].values must not be empty when the operator is In",
                "{'matchExpressions':[{'key':'a','operator':'NotIn','values':[]}]} "
                        + "| matchExpressions[0].values must not be empty when the operator is NotIn",
                "{'matchExpressions':[{'key':'a','operator':'Exists','values':['b']}]} "
                        + "| matchExpressions[0].values must be empty when the operator is Exists",
                "{'matchExpressions':[{'key':'a','operator':'DoesNotExist','values':['']}]} "
                        + "| matchExpressions[0].values must be empty when the operator is DoesNotExist",
                "{'matchExpressions':[{'key':'a b','operator':'Exists'}]} "
                        + "| matchExpressions[0].key 'a b' is no label key: up to 63 letters, digits, '-', '_' and '.',"
                        + " beginning and ending with a letter or digit, and before that, if need be, a DNS subdomain of"
                        + " up to 253 characters and '/'",
                "{'matchExpressions':[{'operator':'Exists'}]} | matchExpressions[0].key '' is no label key: ",
                "{'matchLabels':{'Example.com/a':'b'}} | matchLabels 'Example.com/a' is no label key: ",
                "{'matchLabels':{'a/b/c':'b'}} | matchLabels 'a/b/c' is no label key: ",
                "{'matchLabels':{'/a':'b'}} | matchLabels '/a' is no label key: ",
                "{'matchLabels':{'a':'b '}} | matchLabels[a] 'b ' is no label value: empty, or up to 63 letters, digits,"
                        + " '-', '_' and '.', beginning and ending with a letter or digit",
                "{'matchLabels':{'a':'-'}} | matchLabels[a] '-' is no label value: ",
                "{'matchExpressions':[{'key':'a','operator':'In','values':['b','b/c']}]} "
                        + "| matchExpressions[0].values[1] 'b/c' is no label value: ",
                "{'matchLabels':{'a':7}} | matchLabels[a] must be a string",
                "{'matchLabels':{'a':null}} | matchLabels[a] must be a string",
                "{'matchLabels':{'a':{'b':'c'}}} | matchLabels[a] must be a string",
                "{'matchLabels':[{'a':'b'}]} | matchLabels must be an object",
                "{'matchExpressions':{'a':'b'}} | matchExpressions must be an array",
                "{'matchExpressions':['a']} | matchExpressions[0] must be an object",
                "{'matchExpressions':[{'key':['a'],'operator':'Exists'}]} | matchExpressions[0].key must be a string",
                "{'matchExpressions':[{'key':'a','operator':'In','values':'b'}]} "
                        + "| matchExpressions[0].values must be an array",
                "{'matchExpressions':[{'key':'a','operator':'In','values':['b',{}]}]} "
                        + "| matchExpressions[0].values[1] must be a string",
                "{'matchLabel':{'a':'b'}} | 'matchLabel' is unknown: it must be matchLabels or matchExpressions",
                "{'matchExpressions':[{'key':'a','op':'In','operator':'Exists'}]} "
                        + "| matchExpressions[0].'op' is unknown: it must be key, operator or values",
                "[{'matchLabels':{}}] | the selector must be an object",
                "null | the selector must be an object",
                "7 | the selector must be an object",
            })
    void refusesWhatTheApiWouldRefuse(String selector, String message) {
        byte[] document = ("[" + selector.replace('\'', '"') + ",\"next\"]").getBytes(UTF_8);
        try (JsonParser parser = Json.parser(document)) {
            parser.nextToken();
            parser.nextToken();

            assertThatThrownBy(() -> LabelSelector.read(parser))
                    .isInstanceOf(InvalidSelectorException.class)
                    .hasMessageStartingWith(message);

            assertThat(parser.nextToken()).as("it was read to its end").isEqualTo(JsonToken.VALUE_STRING);
            assertThat(parser.getString()).isEqualTo("next");
        }
    }

    @Test
    void knowsHowLongKeysAndValuesMayBe() throws Exception {
        String name = "n".repeat(63);
        String prefix = String.join(".", List.of("p".repeat(63), "p".repeat(63), "p".repeat(63), "p".repeat(61)));
        assertThat(LabelSelector.of(Map.of(prefix + "/" + name, name), List.of()))
                .hasToString(prefix + "/" + name + " in (" + name + ")");

        for (Map<String, String> tooLong :
                List.of(Map.of(name + "n", ""), Map.of(prefix + "p/a", ""), Map.of("a", name + "n"))) {
            assertThatThrownBy(() -> LabelSelector.of(tooLong, List.of()))
                    .isInstanceOf(InvalidSelectorException.class)
                    .hasMessageContaining("63");
        }
    }

    @Test
    void quotesNoMoreThanCanBeRead() {
        assertThatThrownBy(() -> LabelSelector.of(Map.of("a", "/".repeat(10_000)), List.of()))
                .isInstanceOf(InvalidSelectorException.class)
                .hasMessageStartingWith("matchLabels[a] '" + "/".repeat(100) + "...' is no label value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"matchLabels\":{\"a\":\"b\"", "{\"matchExpressions\":[{\"key\":", "{\"matchLabels\":}"})
    void whatIsNoJsonIsAnErrorOfAnotherKind(String selector) {
        assertThatThrownBy(() -> read(selector)).isInstanceOf(JacksonException.class);
    }

    /** Compared with strings and with buffers alike. */
    @Test
    void findsAValueAmongMany() throws Exception {
        List<String> values = IntStream.range(0, 100).mapToObj(i -> "v" + 2 * i).toList();
        LabelSelector selector = LabelSelector.of(Map.of(), List.of(new Requirement("a", Operator.IN, values)));
        for (int i = 0; i < 200; i++) {
            CharSequence label = CharBuffer.wrap("v" + i);
            assertThat(selector.matches((LabelSelector.Labels) key -> key.equals("a") ? label : null))
                    .as("%d", i)
                    .isEqualTo(i % 2 == 0);
        }
    }

    @Test
    void aSetOfSelectorsKnowsWhichMatch() throws Exception {
        Map<Integer, LabelSelector> some = new LinkedHashMap<>();
        some.put(7, LabelSelector.of(Map.of("tier", "gold"), List.of()));
        some.put(3, LabelSelector.of(Map.of(), List.of()));
        some.put(5, LabelSelector.of(Map.of("a", "b", "tier", "gold"), List.of()));
        Selectors selectors = Selectors.of(0, some);

        Matches matches = match(selectors, Map.of("tier", "gold"));

        assertThat(selectors.keys()).containsExactly("a", "tier");
        assertThat(numbers(matches)).containsExactly(3, 7);
        assertThat(List.of(3, 5, 7))
                .allMatch(matches::known)
                .map(matches::contains)
                .containsExactly(true, false, true);
        assertThat(matches.known(4)).isFalse();
        assertThat(matches.contains(4)).isFalse();
        assertThat(matches.isEmpty()).isFalse();
    }

    @Test
    void matchesAreEqualWhenTheSameWereKnownAndTheSameMatched() throws Exception {
        Selectors selectors =
                Selectors.of(0, new TreeMap<>(Map.of(1, LabelSelector.of(Map.of("a", "b"), List.of()), 2, read("{}"))));

        assertThat(match(selectors, Map.of()))
                .isEqualTo(match(selectors, Map.of("a", "c")))
                .hasSameHashCodeAs(match(selectors, Map.of("a", "c")))
                .isEqualTo(Matches.of(0, Set.of(1, 2), Set.of(2)))
                .hasToString("[2] of [1, 2]")
                .isNotEqualTo(match(selectors, Map.of("a", "b")))
                .isNotEqualTo(Matches.of(0, Set.of(2), Set.of(2)));
        assertThat(match(Selectors.NONE, Map.of("a", "b"))).isEqualTo(Matches.NONE);
        assertThat(Selectors.of(0, Map.of()).isEmpty()).isTrue();
        assertThat(Matches.NONE.isEmpty()).isTrue();
    }

    private static Matches match(Selectors selectors, Map<String, String> labels) {
        int[] matched = new int[selectors.size()];
        return selectors.matches(matched, selectors.match(labels::get, matched));
    }

    private static List<Integer> numbers(Matches matches) {
        List<Integer> numbers = new ArrayList<>();
        matches.forEach(numbers::add);
        return numbers;
    }

    private static LabelSelector read(String document) throws InvalidSelectorException {
        try (JsonParser parser = Json.parser(document.getBytes(UTF_8))) {
            parser.nextToken();
            LabelSelector selector = LabelSelector.read(parser);
            assertThat(parser.nextToken()).isNull();
            return selector;
        }
    }
}
