package run.clawcloud.block.request;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.request.RequestBuilder.active;
import static run.clawcloud.block.request.RequestBuilder.locked;
import static run.clawcloud.block.request.RequestBuilder.names;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.BlockRequestStatus.Condition;
import run.clawcloud.block.api.BlockRequestStatus.NamespaceStatus;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Target;
import run.clawcloud.block.state.TargetPhase;
import run.clawcloud.block.state.Wish;
import run.clawcloud.block.state.Wishes;
import run.clawcloud.block.time.SetClock;
import tools.jackson.core.JsonParser;

/** What the status of a request says, and how large it gets. */
class StatusReportTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00.75Z");
    private static final int MOST_BYTES = 200_000;

    private static StatusReport report(RequestBuilder request, Map<TargetPhase, Integer> counts) {
        return new StatusReport(request.view(), counts, false, false);
    }

    private static Condition ready(RequestBuilder request, Map<TargetPhase, Integer> counts) {
        return report(request, counts).status(List.of(), NOW).ready().orElseThrow();
    }

    // Counts and reasons.

    @ParameterizedTest
    @CsvSource({
        // failed, pending, locking, unlocking, locked, active, processed
        "1, 2, 3, 4, 5, 6, 19",
        "0, 0, 0, 0, 0, 0, 0",
        "0, 7, 0, 0, 0, 0, 0",
        "7, 0, 0, 0, 0, 0, 7"
    })
    void countsTargetsByWhatHasBecomeOfThem(
            int failed, int pending, int locking, int unlocking, int locked, int active, int processed) {
        Map<TargetPhase, Integer> counts = Map.of(
                TargetPhase.FAILED, failed,
                TargetPhase.PENDING, pending,
                TargetPhase.LOCKING, locking,
                TargetPhase.UNLOCKING, unlocking,
                TargetPhase.LOCKED, locked,
                TargetPhase.ACTIVE, active);

        BlockRequestStatus status = report(locked("r"), counts).status(List.of(), NOW);

        assertThat(status.targetCount()).isEqualTo(failed + pending + locking + unlocking + locked + active);
        assertThat(status.lockedCount()).isEqualTo(locked);
        assertThat(status.failedCount()).isEqualTo(failed);
        assertThat(status.processedNamespaceCount()).isEqualTo(processed);
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.selectorContinueToken()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED,    false, PartlyFailed, False",
        "PENDING,   false, Progressing,  False",
        "LOCKING,   false, Progressing,  False",
        "UNLOCKING, false, Progressing,  False",
        "LOCKED,    false, Applied,      True",
        "ACTIVE,    false, Applied,      True",
        "LOCKED,    true,  Progressing,  False",
        "FAILED,    true,  Progressing,  False"
    })
    void isReadyWhenNothingIsLeftToDo(TargetPhase phase, boolean waiting, String reason, String status) {
        StatusReport report = new StatusReport(locked("r").view(), Map.of(phase, 1), waiting, false);

        Condition ready = report.status(List.of(), NOW).ready().orElseThrow();

        assertThat(ready.reason()).isEqualTo(reason);
        assertThat(ready.status()).isEqualTo(status);
        assertThat(ready.observedGeneration()).isEqualTo(1);
        assertThat(report.inProgress()).isEqualTo(reason.equals("Progressing"));
    }

    @Test
    void withoutTargetsItIsReady() {
        assertThat(ready(locked("r"), Map.of()).reason()).isEqualTo("Applied");
        assertThat(ready(locked("r"), Map.of()).message()).isEqualTo("0 of 0 namespaces are locked");
    }

    @Test
    void aFaultOfTheRequestIsAFailure() {
        Condition ready = ready(locked("r").faults("namespaceSelector: it is wrong"), Map.of(TargetPhase.LOCKED, 1));

        assertThat(ready.reason()).isEqualTo("PartlyFailed");
        assertThat(ready.message()).endsWith("; namespaceSelector: it is wrong");
    }

    @Test
    void theMessageTellsTheFirstFailures() {
        List<Target> first = IntStream.range(0, 5)
                .mapToObj(i -> new Target("n" + i, TargetPhase.FAILED, "does not exist"))
                .toList();
        StatusReport report = report(locked("r"), Map.of(TargetPhase.FAILED, 5, TargetPhase.LOCKED, 2));

        assertThat(report.status(first, NOW).ready().orElseThrow().message())
                .isEqualTo("2 of 7 namespaces are locked, 5 failed: n0 does not exist; n1 does not exist;"
                        + " n2 does not exist; ...");
    }

    @Test
    void theMessageOfAnActiveRequestCountsTheOpenOnes() {
        assertThat(ready(active("r"), Map.of(TargetPhase.ACTIVE, 3, TargetPhase.LOCKED, 1))
                        .message())
                .isEqualTo("3 of 4 namespaces are active");
    }

    @Test
    void whatOthersDoAfterItWasCarriedOutIsNoProgress() {
        StatusReport report = new StatusReport(active("r").view(), Map.of(TargetPhase.LOCKING, 1), true, true);

        assertThat(report.inProgress()).isFalse();
    }

    // The time of the transition.

    @Test
    void theTransitionIsNowWhenTheStatusIsNewOrAnother() {
        RequestBuilder ready = locked("r").done(BlockRequestStatus.APPLIED);

        assertThat(ready(locked("r"), Map.of()).lastTransitionTime()).isEqualTo("2030-01-01T00:00:00Z");
        assertThat(StatusReportTest.later(ready, Map.of(TargetPhase.PENDING, 1)))
                .isEqualTo("2031-01-01T00:00:00Z");
    }

    @Test
    void theTransitionStaysWhileTheStatusIsTheSame() {
        RequestBuilder ready = locked("r").done(BlockRequestStatus.APPLIED);
        RequestBuilder progressing = locked("r")
                .status(report(locked("r"), Map.of(TargetPhase.PENDING, 1)).status(List.of(), NOW));

        assertThat(later(ready, Map.of(TargetPhase.LOCKED, 1))).isEqualTo("2030-01-01T00:00:00Z");
        // Both are False.
        assertThat(later(progressing, Map.of(TargetPhase.FAILED, 1))).isEqualTo("2030-01-01T00:00:00Z");
    }

    private static String later(RequestBuilder request, Map<TargetPhase, Integer> counts) {
        return report(request, counts)
                .status(List.of(), Instant.parse("2031-01-01T00:00:00Z"))
                .ready()
                .orElseThrow()
                .lastTransitionTime();
    }

    // Size.

    private static String json(BlockRequestStatus status) {
        return Json.write(json -> {
            json.writeStartObject();
            StatusJson.write(json, "status", status);
            json.writeEndObject();
        });
    }

    private static int bytes(BlockRequestStatus status) {
        return json(status).getBytes(StandardCharsets.UTF_8).length;
    }

    /** Messages as an API server writes them, and as nobody should. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "namespaces \"n\" is forbidden: User \"system:serviceaccount:block\" cannot patch resource ",
                "\"\\\"\\",
                "\u0001",
                "\u4e16\u754c",
                "\ud83d\ude80"
            })
    void aHundredThousandFailuresStayBelow200kB(String message) {
        Namespaces namespaces = new Namespaces(
                new ChangeListener() {
                    @Override
                    public void needed(String namespace, Cause cause) {}

                    @Override
                    public void notice(String namespace, Notice notice, Deadline deadline) {}
                },
                new SetClock("2030-01-01T00:00:00Z"),
                new Wishes() {
                    @Override
                    public Wish of(int... members) {
                        return members.length == 0 ? Wish.NOTHING : Wish.locked("ops/r", null, null);
                    }

                    @Override
                    public boolean selects(int request) {
                        return false;
                    }

                    @Override
                    public int edition() {
                        return 0;
                    }
                },
                Set.of());
        String[] names = IntStream.range(0, 100_000)
                .mapToObj(i -> "n" + "x".repeat(56) + String.format("%06d", i))
                .toArray(String[]::new);
        namespaces.requestsKnown();
        namespaces.named(0, names(names));
        for (String name : names) {
            namespaces.changed(ViewBuilder.view(name, 5).build());
            namespaces.failed(name, message.repeat(200));
        }

        BlockRequestStatus status = new StatusReport(locked("r").view(), namespaces.countTargets(0, true), false, false)
                .status(namespaces.firstTargets(0, true, BlockRequestStatus.MOST_NAMESPACE_STATUSES), NOW);

        assertThat(status.failedCount()).isEqualTo(100_000);
        assertThat(status.namespaceStatuses()).hasSizeBetween(100, BlockRequestStatus.MOST_NAMESPACE_STATUSES);
        assertThat(bytes(status)).isLessThan(MOST_BYTES);
        assertThat(status.ready().orElseThrow().message().length()).isLessThan(32_768);
        assertThat(read(json(status))).isEqualTo(status);
    }

    @Test
    void aThousandEntriesFitWhenNothingFailed() {
        List<Target> first = IntStream.range(0, 1_000)
                .mapToObj(i -> new Target("n".repeat(57) + String.format("%06d", i), TargetPhase.UNLOCKING, ""))
                .toList();

        BlockRequestStatus status =
                report(locked("r"), Map.of(TargetPhase.UNLOCKING, 100_000)).status(first, NOW);

        assertThat(status.namespaceStatuses()).hasSize(1_000);
        assertThat(bytes(status)).isLessThan(MOST_BYTES);
    }

    @Test
    void aMessageIsNotCutInTheMiddleOfACharacter() {
        Target target = new Target("n", TargetPhase.FAILED, "x".repeat(199) + "\ud83d\ude80 and more");

        BlockRequestStatus status =
                report(locked("r"), Map.of(TargetPhase.FAILED, 1)).status(List.of(target), NOW);

        byte[] sent = json(status).getBytes(StandardCharsets.UTF_8);
        assertThat(read(new String(sent, StandardCharsets.UTF_8))).isEqualTo(status);
        assertThat(status.namespaceStatuses().getFirst().message()).isEqualTo("x".repeat(199));
    }

    // JSON.

    private static BlockRequestStatus read(String document) {
        try (JsonParser parser = Json.parser(document.getBytes(StandardCharsets.UTF_8))) {
            parser.nextToken();
            BlockRequestStatus[] status = {BlockRequestStatus.NONE};
            Json.fields(parser, (_, value) -> status[0] = StatusJson.read(value));
            return status[0];
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsWrittenReadsTheSame(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            List<Condition> conditions = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                conditions.add(new Condition(
                        text(random), text(random), random.nextInt(), text(random), text(random), text(random)));
            }
            List<NamespaceStatus> entries = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                entries.add(new NamespaceStatus(text(random), text(random), text(random)));
            }
            BlockRequestStatus status = new BlockRequestStatus(
                    random.nextLong(),
                    conditions,
                    random.nextInt(),
                    random.nextInt(),
                    random.nextInt(),
                    random.nextInt(),
                    text(random),
                    entries);

            assertThat(read(json(status))).as("seed %d, run %d", seed, run).isEqualTo(status);
        }
    }

    private static String text(Random random) {
        return List.of("", "Ready", "z\u00e4h\u4e16\ud83d\ude80 \"\\\n\u0001", "n" + random.nextInt())
                .get(random.nextInt(4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":null}",
                "{\"status\":{}}",
                "{\"status\":{\"conditions\":null,\"namespaceStatuses\":null,\"targetCount\":null}}",
                "{\"status\":{\"phase\":{\"of\":[1,{}]},\"older\":[[]]}}"
            })
    void whatSaysNothingIsNoStatus(String document) {
        assertThat(read(document)).isEqualTo(BlockRequestStatus.NONE);
    }

    @Test
    void unknownFieldsOfEntriesAreSkipped() {
        BlockRequestStatus status = read(
                "{\"status\":{\"conditions\":[{\"extra\":{\"a\":[1]},\"type\":\"Ready\"}],"
                        + "\"namespaceStatuses\":[{\"extra\":[{}],\"namespace\":\"a\",\"phase\":\"Locked\",\"message\":null}]}}");

        assertThat(status.ready()).contains(new Condition("Ready", "", 0, "", "", ""));
        assertThat(status.namespaceStatuses()).containsExactly(new NamespaceStatus("a", "Locked", ""));
    }

    /** A JSON merge patch leaves alone what it does not name. */
    @Test
    void everyFieldIsWrittenSoThatNoneOfBeforeIsLeft() {
        assertThat(json(BlockRequestStatus.NONE))
                .isEqualTo(
                        "{\"status\":{\"observedGeneration\":0,\"conditions\":[],\"targetCount\":0,\"lockedCount\":0,"
                                + "\"failedCount\":0,\"processedNamespaceCount\":0,\"selectorContinueToken\":\"\","
                                + "\"namespaceStatuses\":[]}}");
    }
}
