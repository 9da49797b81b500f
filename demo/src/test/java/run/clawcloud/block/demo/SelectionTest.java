package run.clawcloud.block.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.demo.Selection.Candidate;

class SelectionTest {
    private static Candidate namespace(String name, String labels) {
        return Candidate.of(Example.json("{'metadata': {'name': '%s', 'resourceVersion': '%s-1', 'labels': {%s}}}"
                .formatted(name, name, labels)));
    }

    /** Ten free namespaces, two that are labelled, and one of the system. */
    private static List<Candidate> cluster() {
        return Stream.concat(
                        IntStream.range(0, 10).mapToObj(i -> namespace("free-" + i, "")),
                        Stream.of(
                                namespace("held-1", "'clawcloud.run/status': 'locked'"),
                                namespace("held-2", "'clawcloud.run/status': 'active'"),
                                namespace("kube-system", "")))
                .toList();
    }

    /** The cluster as it is when all went well. */
    private static Map<String, String> afterExpiry(Selection selection) {
        Map<String, String> now = new HashMap<>();
        cluster().forEach(namespace -> now.put(namespace.name(), namespace.resourceVersion()));
        selection.lock().forEach(name -> now.put(name, "changed"));
        now.put("held-1", "changed");
        selection.expire().forEach(now::remove);
        return now;
    }

    @Test
    void picksOnlyWhatNobodyHasLabelledAndNothingTwice() {
        Selection selection = Selection.pick(cluster(), 6, 4);
        assertThat(Stream.concat(selection.lock().stream(), selection.expire().stream()))
                .hasSize(10)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("free-"));
    }

    @Test
    void saysHowManyAreMissing() {
        assertThatThrownBy(() -> Selection.pick(cluster(), 8, 3))
                .hasMessage("11 namespaces are to be locked, but only 10 carry no status label");
    }

    @Test
    void findsNothingWrongWhenExactlyTheChosenAreGone() {
        Selection selection = Selection.pick(cluster(), 3, 2);
        assertThat(selection.problems(afterExpiry(selection))).isEmpty();
    }

    @Test
    void findsWhatIsGoneTooManyLeftOverNewOrTouched() {
        Selection selection = Selection.pick(cluster(), 3, 2);
        Map<String, String> now = afterExpiry(selection);
        String leftOver = selection.expire().getFirst();
        now.put(leftOver, "1");
        now.remove("held-2");
        now.put("new", "1");
        now.put("kube-system", "touched");
        assertThat(selection.problems(now))
                .containsExactlyInAnyOrder(
                        "Namespace " + leftOver + " is still there",
                        "Namespace held-2 is gone, but its time was not up",
                        "Namespace new was not there before",
                        "Namespace kube-system was changed, though nobody labelled it");
    }
}
