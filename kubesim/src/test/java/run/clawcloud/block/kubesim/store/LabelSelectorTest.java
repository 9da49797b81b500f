package run.clawcloud.block.kubesim.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1|true",
                "a==1|true",
                "a=2|false",
                "a!=1|false",
                "b!=1|true",
                "a|true",
                "b|false",
                "!b|true",
                "!a|false",
                "a in (1,2)|true",
                "a in ( 2 , 3 )|false",
                "a notin (2)|true",
                "b notin (2)|true",
                "x.y/z=|true",
                "a=1,x.y/z,!b|true",
                "a=1 , b|false",
                "a,a notin (1)|false",
                "''|true"
            })
    void matches(String selector, boolean expected) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("a", "1");
        labels.put("x.y/z", "");
        assertThat(LabelSelector.parse(selector).matches(Labels.of(labels))).isEqualTo(expected);
    }

    @Test
    void readsTheSelectorsOfObjects() {
        Labels labels = Labels.of(Json.parse("{\"metadata\":{\"labels\":{\"a\":\"1\"}}}"));
        assertThat(LabelSelector.of(Json.parse("{\"a\":\"1\"}")).matches(labels))
                .isTrue();
        assertThat(LabelSelector.of(Json.parse("{\"matchLabels\":{\"a\":\"2\"}}"))
                        .matches(labels))
                .isFalse();
        assertThat(LabelSelector.of(Json.parse(
                                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"1\"]},"
                                        + "{\"key\":\"b\",\"operator\":\"DoesNotExist\"}]}"))
                        .matches(labels))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a b", "=1", "a in 1", "a=1;b", "a in (1"})
    void refusesWhatIsNone(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector)).isInstanceOf(IllegalArgumentException.class);
    }
}
