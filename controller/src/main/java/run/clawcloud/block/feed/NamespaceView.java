package run.clawcloud.block.feed;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.ResourceVersion;
import tools.jackson.core.JsonParser;

/**
 * The few fields of a namespace that decide what is done to it, as the API server told them. A null is a label or
 * annotation that is not there.
 *
 * @param resourceVersion {@link run.clawcloud.block.kube.ResourceVersion#NONE} when it is absent
 * @param heldBy who asked for the lock
 * @param lockedAt when the lock was begun
 * @param originalLockReason what {@code lockReason} was before a BlockRequest set it; empty: it was not there
 * @param originalLockDuration what {@code lockDuration} was before a BlockRequest set it; empty: it was not there
 * @param terminating deletion has begun
 * @param matches which selectors its labels match
 */
public record NamespaceView(
        String name,
        String uid,
        long resourceVersion,
        @Nullable String status,
        @Nullable String applied,
        @Nullable String unlockTimestamp,
        @Nullable String lockDuration,
        @Nullable String lockReason,
        @Nullable String heldBy,
        @Nullable String lockedAt,
        @Nullable String originalLockReason,
        @Nullable String originalLockDuration,
        boolean terminating,
        Matches matches) {

    /** Reads the namespace that the parser stands at and leaves the parser at its end. */
    public static NamespaceView read(JsonParser parser) {
        Reading reading = new Reading();
        Json.fields(parser, reading::field);
        return new NamespaceView(
                reading.name,
                reading.uid,
                reading.resourceVersion,
                reading.status,
                reading.applied,
                reading.unlockTimestamp,
                reading.lockDuration,
                reading.lockReason,
                reading.heldBy,
                reading.lockedAt,
                reading.originalLockReason,
                reading.originalLockDuration,
                reading.terminating,
                Matches.NONE);
    }

    /** What has been read so far: fields come in any order. */
    private static final class Reading {
        private String name = "";
        private String uid = "";
        private long resourceVersion;
        private @Nullable String status;
        private @Nullable String applied;
        private @Nullable String unlockTimestamp;
        private @Nullable String lockDuration;
        private @Nullable String lockReason;
        private @Nullable String heldBy;
        private @Nullable String lockedAt;
        private @Nullable String originalLockReason;
        private @Nullable String originalLockDuration;
        private boolean terminating;

        private void field(String field, JsonParser value) {
            switch (field) {
                case "metadata" -> Json.fields(value, this::metadata);
                case "status" -> Json.fields(value, this::status);
                default -> value.skipChildren();
            }
        }

        private void metadata(String field, JsonParser value) {
            switch (field) {
                case "name" -> name = Json.textOrEmpty(value);
                case "uid" -> uid = Json.textOrEmpty(value);
                case "resourceVersion" -> resourceVersion = ResourceVersion.read(value);
                case "deletionTimestamp" -> terminating |= Json.text(value) != null;
                case "labels" -> Json.fields(value, this::label);
                case "annotations" -> Json.fields(value, this::annotation);
                default -> value.skipChildren();
            }
        }

        private void label(String key, JsonParser value) {
            switch (key) {
                case Names.STATUS_LABEL -> status = Json.text(value);
                case Names.APPLIED_LABEL -> applied = Json.text(value);
                default -> value.skipChildren();
            }
        }

        private void annotation(String key, JsonParser value) {
            switch (key) {
                case Names.UNLOCK_TIMESTAMP -> unlockTimestamp = Json.text(value);
                case Names.LOCK_DURATION -> lockDuration = Json.text(value);
                case Names.LOCK_REASON -> lockReason = Json.text(value);
                case Names.HELD_BY -> heldBy = Json.text(value);
                case Names.LOCKED_AT -> lockedAt = Json.text(value);
                case Names.ORIGINAL_LOCK_REASON -> originalLockReason = Json.text(value);
                case Names.ORIGINAL_LOCK_DURATION -> originalLockDuration = Json.text(value);
                default -> value.skipChildren();
            }
        }

        private void status(String field, JsonParser value) {
            if (field.equals("phase")) {
                terminating |= "Terminating".equals(Json.text(value));
            } else {
                value.skipChildren();
            }
        }
    }
}
