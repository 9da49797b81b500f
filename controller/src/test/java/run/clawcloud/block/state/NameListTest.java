package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are kept end to end. */
class NameListTest {

    private final NameList list = new NameList();

    private List<String> names() {
        List<String> names = new ArrayList<>();
        list.forEach((source, offset, length) -> names.add(new String(source, offset, length, StandardCharsets.UTF_8)));
        return names;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void givesBackEveryNameInTheOrderTheyCame(long seed) {
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String name = "n".repeat(1 + random.nextInt(63));
            list.add(name);
            expected.add(name);
        }

        assertThat(names()).isEqualTo(expected);
        assertThat(list.size()).isEqualTo(5_000);
    }

    @Test
    void leavesOutWhatNoNamespaceIsCalled() {
        list.add("");
        list.add("n".repeat(64));
        list.add("\u4e16".repeat(22));
        list.add("n".repeat(63));

        assertThat(names()).containsExactly("n".repeat(63));
        assertThat(list.size()).isEqualTo(1);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(names()).isEmpty();
        assertThat(list.size()).isZero();
    }
}
