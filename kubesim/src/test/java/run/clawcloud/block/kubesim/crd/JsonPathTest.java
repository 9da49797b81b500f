package run.clawcloud.block.kubesim.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;

/** The paths of printer columns. */
class JsonPathTest {

    private static final JsonNode OBJECT = Json.parse("""
            {"spec": {"a": 1, "list": [10, 20, 30], "b.c": "dotted"},
             "status": {"conditions": [{"type": "Other", "status": "False"}, {"type": "Ready", "status": "True"}]}}""");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                ".spec.a;1",
                ".spec.list[1];20",
                ".spec.list[-1];30",
                ".spec.list[*];10",
                ".spec['b.c'];dotted",
                ".spec.b\\.c;dotted",
                ".status.conditions[?(@.type==\"Ready\")].status;True",
                ".status.conditions[?(@.type=='Ready')].status;True",
                ".status.conditions[?(@.type!='Ready')].type;Other"
            })
    void findsTheFirstValue(String path, String value) {
        JsonPath parsed = Objects.requireNonNull(JsonPath.parse(path));
        assertThat(Objects.requireNonNull(parsed.first(OBJECT)).asString()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec", ".a[", ".a[?(@.b)]", ".a]"})
    void refusesWhatItDoesNotUnderstand(String path) {
        assertThat(JsonPath.parse(path)).isNull();
    }

    @Test
    void whatIsNotThereIsNothing() {
        assertThat(Objects.requireNonNull(JsonPath.parse(".spec.none[0].x")).first(OBJECT))
                .isNull();
    }
}
