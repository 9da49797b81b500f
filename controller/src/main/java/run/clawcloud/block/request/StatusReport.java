package run.clawcloud.block.request;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.BlockRequestStatus.Condition;
import run.clawcloud.block.api.BlockRequestStatus.NamespaceStatus;
import run.clawcloud.block.state.Target;
import run.clawcloud.block.state.TargetPhase;

/**
 * The status of a BlockRequest, from what its targets have come to. A pure function.
 *
 * @param counts of all targets, by phase
 * @param waiting whether more is to be done than the counts show: not all namespaces are known yet, or some have yet to
 *     get their label
 * @param over it was carried out and acts no more: what is under way at its targets is not its doing
 */
record StatusReport(BlockRequestView request, Map<TargetPhase, Integer> counts, boolean waiting, boolean over) {

    /** Of JSON that {@code namespaceStatuses} take: the whole status stays under 200 kB. */
    private static final int MOST_BYTES = 190_000;

    /** What JSON adds to name and message of one entry, the longest phase included. */
    private static final int PUNCTUATION = 50;

    private static final int LONGEST_MESSAGE = 200;
    private static final int EXAMPLES = 3;

    /** Whether there is something left to do. */
    boolean inProgress() {
        return !over && (waiting || underWay());
    }

    private boolean underWay() {
        return counts.entrySet().stream().anyMatch(each -> each.getKey().underWay() && each.getValue() > 0);
    }

    private int count(TargetPhase phase) {
        return counts.getOrDefault(phase, 0);
    }

    private int targets() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * The status.
     *
     * @param first the first targets, failures first
     * @param now the time of a transition
     */
    BlockRequestStatus status(List<Target> first, Instant now) {
        return new BlockRequestStatus(
                request.generation(),
                List.of(ready(first, now)),
                targets(),
                count(TargetPhase.LOCKED),
                count(TargetPhase.FAILED),
                targets() - count(TargetPhase.PENDING),
                "",
                entries(first));
    }

    private Condition ready(List<Target> first, Instant now) {
        boolean failed =
                count(TargetPhase.FAILED) > 0 || !request.spec().faults().isEmpty();
        String reason = inProgress()
                ? BlockRequestStatus.PROGRESSING
                : failed ? BlockRequestStatus.PARTLY_FAILED : BlockRequestStatus.APPLIED;
        return ready(
                request, reason.equals(BlockRequestStatus.APPLIED) ? "True" : "False", reason, message(first), now);
    }

    /** The condition {@link BlockRequestStatus#READY}, which became so now unless it was so before. */
    static Condition ready(BlockRequestView request, String status, String reason, String message, Instant now) {
        String transition = request.status()
                .ready()
                .filter(before -> before.status().equals(status))
                .map(Condition::lastTransitionTime)
                .filter(time -> !time.isEmpty())
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new Condition(BlockRequestStatus.READY, status, request.generation(), transition, reason, message);
    }

    private String message(List<Target> first) {
        int done = count(request.asksForLock() ? TargetPhase.LOCKED : TargetPhase.ACTIVE);
        StringBuilder text = new StringBuilder()
                .append(done)
                .append(" of ")
                .append(targets())
                .append(request.asksForLock() ? " namespaces are locked" : " namespaces are active");
        int failed = count(TargetPhase.FAILED);
        if (failed > 0) {
            text.append(first.stream()
                    .filter(target -> target.phase() == TargetPhase.FAILED)
                    .limit(EXAMPLES)
                    .map(target -> target.namespace() + " " + shortened(target.message()))
                    .collect(Collectors.joining("; ", ", " + failed + " failed: ", failed > EXAMPLES ? "; ..." : "")));
        }
        request.spec().faults().forEach(fault -> text.append("; ").append(fault));
        return text.toString();
    }

    private static List<NamespaceStatus> entries(List<Target> first) {
        List<NamespaceStatus> entries = new ArrayList<>();
        int bytes = 0;
        for (Target target : first) {
            String message = shortened(target.message());
            bytes += target.namespace().length() + jsonBytes(message) + PUNCTUATION;
            if (bytes > MOST_BYTES) {
                break;
            }
            entries.add(new NamespaceStatus(target.namespace(), name(target.phase()), message));
        }
        return entries;
    }

    /** Half a character at the end would come back from the server as another one. */
    private static String shortened(String message) {
        if (message.length() <= LONGEST_MESSAGE) {
            return message;
        }
        boolean halved = Character.isHighSurrogate(message.charAt(LONGEST_MESSAGE - 1));
        return message.substring(0, halved ? LONGEST_MESSAGE - 1 : LONGEST_MESSAGE);
    }

    /** How many bytes a text takes in JSON, at most. */
    private static int jsonBytes(String text) {
        return text.chars()
                .map(each -> {
                    if (each < ' ') {
                        return 6;
                    }
                    if (each < 0x80) {
                        return each == '"' || each == '\\' ? 2 : 1;
                    }
                    return Character.isSurrogate((char) each) || each < 0x800 ? 2 : 3;
                })
                .sum();
    }

    private static String name(TargetPhase phase) {
        return switch (phase) {
            case FAILED -> "Failed";
            case PENDING -> "Pending";
            case LOCKING -> "Locking";
            case UNLOCKING -> "Unlocking";
            case LOCKED -> "Locked";
            case ACTIVE -> "Active";
        };
    }
}
