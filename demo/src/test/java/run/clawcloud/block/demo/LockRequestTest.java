package run.clawcloud.block.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LockRequestTest {
    private static final LockRequest REQUEST = new LockRequest(false, List.of("a", "b"));

    private static final String STATUS = "{'metadata': {'generation': 1}, 'status': {'observedGeneration': 1,"
            + " 'conditions': [{'type': 'Ready', 'status': 'True', 'reason': 'Applied'}],"
            + " 'targetCount': 2, 'lockedCount': 2, 'failedCount': 0, 'processedNamespaceCount': 2,"
            + " 'namespaceStatuses': [{'namespace': 'a', 'phase': 'Locked'}, {'namespace': 'b', 'phase': 'Locked'}]}}";

    private static List<String> problems(String before, String after) {
        return REQUEST.problems(Example.json(STATUS.replace(before, after)));
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "ns-" + i).toList();
    }

    @Test
    void takesEachNamespaceOnce() {
        List<LockRequest> requests = LockRequest.forAll(names(5));
        assertThat(requests).extracting(LockRequest::key).containsExactly("default/overdue", "default/suspicious");
        assertThat(requests)
                .extracting(LockRequest::namespaces)
                .containsExactly(List.of("ns-0", "ns-1", "ns-2"), List.of("ns-3", "ns-4"));
    }

    @Test
    void makesNoRequestForNothing() {
        assertThat(LockRequest.forAll(names(0))).isEmpty();
        assertThat(LockRequest.forAll(names(1))).hasSize(1);
    }

    @Test
    void namesNoMoreThanAnObjectCanHold() {
        assertThat(LockRequest.forAll(names(300_000)))
                .extracting(request -> request.namespaces().size())
                .containsExactly(250_000, 50_000);
    }

    @Test
    void asksForWhatAUserWouldWrite() {
        assertThat(REQUEST.object())
                .isEqualTo(Example.json("{'apiVersion': 'core.clawcloud.run/v1', 'kind': 'BlockRequest',"
                        + " 'metadata': {'name': 'suspicious'}, 'spec': {'namespaceNames': ['a', 'b'],"
                        + " 'action': 'locked', 'reason': 'mines coins', 'lockDuration': '30d'}}"));
        assertThat(new LockRequest(true, names(2)).object().path("spec").path("namespaceSelector"))
                .isEqualTo(Example.json("{'matchLabels': {'example.com/billing': 'overdue'}}"));
    }

    @Test
    void isDoneWhenItIsReadyWithExactCounts() {
        assertThat(REQUEST.problems(Example.json(STATUS))).isEmpty();
    }

    @Test
    void namesEveryFieldThatIsNotAsItHasToBe() {
        assertThat(problems("'True', 'reason': 'Applied'", "'False', 'reason': 'Progressing'"))
                .containsExactly(
                        "BlockRequest default/suspicious: Ready is False, not True",
                        "BlockRequest default/suspicious: the reason of Ready is Progressing, not Applied");
        assertThat(problems("'generation': 1", "'generation': 2"))
                .containsExactly("BlockRequest default/suspicious: observedGeneration is 1, not 2");
        assertThat(problems("'lockedCount': 2", "'lockedCount': 1"))
                .containsExactly("BlockRequest default/suspicious: lockedCount is 1, not 2");
        assertThat(REQUEST.problems(Example.json("{'metadata': {'generation': 1}}")))
                .hasSize(8);
    }

    @Test
    void wantsAnEntryForEachNamespaceUpToAThousand() {
        String wrong = "namespaceStatuses has 2 entries, 1 of them of its namespaces in phase Locked, not 2";
        assertThat(problems("'namespace': 'b'", "'namespace': 'a'"))
                .containsExactly("BlockRequest default/suspicious: " + wrong);
        assertThat(problems("'b', 'phase': 'Locked'", "'b', 'phase': 'Locking'"))
                .containsExactly("BlockRequest default/suspicious: " + wrong);
        String entries = names(1_000).stream()
                .map(name -> "{'namespace': '" + name + "', 'phase': 'Locked'}")
                .collect(Collectors.joining(",", "[", "]"));
        String many = STATUS.replace("Count': 2", "Count': 1500").replaceAll("\\[\\{'namespace.*\\]", entries);
        assertThat(new LockRequest(false, names(1_500)).problems(Example.json(many)))
                .isEmpty();
    }
}
