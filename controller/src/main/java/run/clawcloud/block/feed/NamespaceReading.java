package run.clawcloud.block.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.ResourceVersion;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The one decoder of namespaces. It reads one after the other, each over the one before, and keeps of each only what
 * decides about it: its name, its version, our labels and annotations, and the labels that some selector looks at. Then
 * it holds the labels against the selectors. Once its buffers have grown to their size, that allocates nothing: only
 * {@link #view()} makes something that lasts.
 *
 * <p>Not thread-safe: one for each thread that reads.
 */
public final class NamespaceReading {

    private static final int NAME_LENGTH = 64;

    private final Supplier<Selectors> source;
    private Selectors selectors = Selectors.NONE;
    private int[] matched = {};
    private int matches;

    private final Text name = new Text();
    private byte[] nameBytes = new byte[NAME_LENGTH];
    private int nameLength;
    private final Text uid = new Text();
    private long resourceVersion;
    private boolean terminating;

    private final Text status = new Text();
    private final Text applied = new Text();
    private final Text unlockTimestamp = new Text();
    private final Text lockDuration = new Text();
    private final Text lockReason = new Text();
    private final Text heldBy = new Text();
    private final Text lockedAt = new Text();
    private final Text originalLockReason = new Text();
    private final Text originalLockDuration = new Text();

    /** Where the labels go that matter, ours and the selectors'; and the annotations. */
    private final Map<String, Text> labels = new HashMap<>();

    private final Map<String, Text> annotations = Map.of(
            Names.UNLOCK_TIMESTAMP, unlockTimestamp,
            Names.LOCK_DURATION, lockDuration,
            Names.LOCK_REASON, lockReason,
            Names.HELD_BY, heldBy,
            Names.LOCKED_AT, lockedAt,
            Names.ORIGINAL_LOCK_REASON, originalLockReason,
            Names.ORIGINAL_LOCK_DURATION, originalLockDuration);

    /** All of the above. */
    private Text[] texts = {};

    /** Each made once: a method reference that is made where it is used is an object a use. */
    private final Json.FieldReader readField = this::field;

    private final Json.FieldReader readMetadata = this::metadata;
    private final Json.FieldReader readStatus = this::status;
    private final Json.FieldReader readLabel = (key, value) -> read(labels.get(key), value);
    private final Json.FieldReader readAnnotation = (key, value) -> read(annotations.get(key), value);
    private final LabelSelector.Labels labelValues = this::label;

    /** @param selectors gives the selectors that hold when a namespace is read */
    public NamespaceReading(Supplier<Selectors> selectors) {
        this.source = selectors;
        prepare(Selectors.NONE);
    }

    /** Reads a single namespace: the parser stands at it, and is left at its end. */
    public static NamespaceView view(JsonParser parser, Selectors selectors) {
        return new NamespaceReading(() -> selectors).read(parser).view();
    }

    /** Reads the namespace that the parser stands at, leaves the parser at its end, and returns itself. */
    public NamespaceReading read(JsonParser parser) {
        Selectors now = source.get();
        if (now != selectors) {
            prepare(now);
        }
        clear();
        Json.fields(parser, readField);
        encodeName();
        matches = selectors.match(labelValues, matched);
        return this;
    }

    private void prepare(Selectors now) {
        selectors = now;
        matched = new int[now.size()];
        labels.clear();
        labels.put(Names.STATUS_LABEL, status);
        labels.put(Names.APPLIED_LABEL, applied);
        for (String key : now.keys()) {
            labels.computeIfAbsent(key, each -> new Text());
        }
        List<Text> all = new ArrayList<>(List.of(name, uid));
        all.addAll(labels.values());
        all.addAll(annotations.values());
        texts = all.toArray(Text[]::new);
    }

    private void clear() {
        matches = 0;
        for (Text each : texts) {
            each.clear();
        }
        resourceVersion = ResourceVersion.NONE;
        terminating = false;
    }

    private void field(String field, JsonParser value) {
        switch (field) {
            case "metadata" -> Json.fields(value, readMetadata);
            case "status" -> Json.fields(value, readStatus);
            default -> value.skipChildren();
        }
    }

    private void metadata(String field, JsonParser value) {
        switch (field) {
            case "name" -> name.read(value);
            case "uid" -> uid.read(value);
            case "resourceVersion" -> resourceVersion = ResourceVersion.read(value);
            case "deletionTimestamp" -> terminating |= Json.scalar(value) != JsonToken.VALUE_NULL;
            case "labels" -> Json.fields(value, readLabel);
            case "annotations" -> Json.fields(value, readAnnotation);
            default -> value.skipChildren();
        }
    }

    private void status(String field, JsonParser value) {
        if (field.equals("phase")) {
            terminating |= Json.reads(value, "Terminating");
        } else {
            value.skipChildren();
        }
    }

    /** @param into null when the value matters to nobody */
    private static void read(@Nullable Text into, JsonParser value) {
        if (into == null) {
            value.skipChildren();
        } else {
            into.read(value);
        }
    }

    private @Nullable CharSequence label(String key) {
        Text text = labels.get(key);
        return text != null && text.present() ? text : null;
    }

    /** Names are DNS labels, and so ASCII; whatever else a server writes is taken as it is, but may allocate. */
    private void encodeName() {
        nameLength = name.length();
        if (nameBytes.length < nameLength) {
            nameBytes = new byte[nameLength];
        }
        for (int i = 0; i < nameLength; i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                nameBytes = name.toString().getBytes(StandardCharsets.UTF_8);
                nameLength = nameBytes.length;
                return;
            }
            nameBytes[i] = (byte) c;
        }
    }

    /** The name in UTF-8: the first {@link #nameLength} bytes, until the next namespace is read. */
    public byte[] nameBytes() {
        return nameBytes;
    }

    /** In bytes. */
    public int nameLength() {
        return nameLength;
    }

    /** {@link ResourceVersion#NONE} when it is absent. */
    public long resourceVersion() {
        return resourceVersion;
    }

    /** Whether it carries anything of ours or matches a selector. */
    public boolean ours() {
        return status.present() || applied.present() || unlockTimestamp.present() || heldBy.present() || matches > 0;
    }

    /** What was read, to be kept. */
    public NamespaceView view() {
        return new NamespaceView(
                name.toString(),
                uid.toString(),
                resourceVersion,
                status.orNull(),
                applied.orNull(),
                unlockTimestamp.orNull(),
                lockDuration.orNull(),
                lockReason.orNull(),
                heldBy.orNull(),
                lockedAt.orNull(),
                originalLockReason.orNull(),
                originalLockDuration.orNull(),
                terminating,
                selectors.matches(matched, matches));
    }
}
