package run.clawcloud.block.namespace;

import org.jspecify.annotations.Nullable;

/** What becomes of one workload at a lock and at an unlock. Pure: the same workload, the same decision. */
public sealed interface Scaling {

    /** It is as it should be. */
    record Leave() implements Scaling {}

    /**
     * One write that sets the knob and the note together, so that no crash can separate the two.
     *
     * @param replicas null leaves the field as it is
     * @param suspend null leaves the field as it is
     * @param note null removes the annotation
     */
    record Write(
            @Nullable Integer replicas,
            @Nullable Boolean suspend,
            @Nullable String note) implements Scaling {

        /** Right whatever else has changed: nothing but the note goes, and only from the object that was meant. */
        public boolean onlyRemovesNote() {
            return replicas == null && suspend == null && note == null;
        }
    }

    /** The note names no value; the object is left as it is, and somebody has to look. */
    record Unreadable(String note) implements Scaling {}

    /** At a lock: down to nothing, noting what stood there. */
    static Scaling down(Workload workload) {
        return switch (workload.kind().knob()) {
            case REPLICAS ->
                // The Deployment is scaled, and its ReplicaSet follows.
                workload.ofDeployment() || workload.replicas() == 0
                        ? new Leave()
                        : new Write(0, null, Integer.toString(workload.replicas()));
            case SUSPEND -> workload.finished() || workload.suspended() ? new Leave() : new Write(null, true, "false");
        };
    }

    /** At an unlock: back to what was noted, unless somebody has set something else meanwhile. */
    static Scaling up(Workload workload) {
        String note = workload.note();
        if (note == null) {
            return new Leave();
        }
        if (workload.ofDeployment()) {
            // The Deployment controller copied its note here. A copy is never a note: only take it away.
            return new Write(null, null, null);
        }
        return switch (workload.kind().knob()) {
            case REPLICAS -> {
                int noted = wholeNumber(note);
                if (noted < 0) {
                    yield new Unreadable(note);
                }
                yield new Write(workload.replicas() == 0 ? noted : null, null, null);
            }
            case SUSPEND -> {
                if (!note.equals("true") && !note.equals("false")) {
                    yield new Unreadable(note);
                }
                yield new Write(null, workload.suspended() ? Boolean.valueOf(note) : null, null);
            }
        };
    }

    /** The number of replicas that a note names; -1 when it names none. */
    private static int wholeNumber(String note) {
        if (note.isEmpty() || !note.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        try {
            return Integer.parseInt(note);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
