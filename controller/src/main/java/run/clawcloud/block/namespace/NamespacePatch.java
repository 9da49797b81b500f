package run.clawcloud.block.namespace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.state.NamespaceState;

/**
 * One write to a namespace; it is refused with a conflict unless the namespace is still at {@code resourceVersion}.
 *
 * @param labels a null value removes the label
 * @param annotations a null value removes the annotation
 */
public record NamespacePatch(
        long resourceVersion,
        SequencedMap<String, @Nullable String> labels,
        SequencedMap<String, @Nullable String> annotations) {

    /** A write that holds only for what is known. */
    static NamespacePatch at(NamespaceState known) {
        return at(known.resourceVersion());
    }

    /** A write that holds only for this version. */
    public static NamespacePatch at(long resourceVersion) {
        return new NamespacePatch(resourceVersion, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /**
     * Sets a label too.
     *
     * @param value null removes it
     */
    public NamespacePatch label(String key, @Nullable String value) {
        return new NamespacePatch(resourceVersion, with(labels, key, value), annotations);
    }

    /**
     * Sets an annotation too.
     *
     * @param value null removes it
     */
    public NamespacePatch annotation(String key, @Nullable String value) {
        return new NamespacePatch(resourceVersion, labels, with(annotations, key, value));
    }

    private static SequencedMap<String, @Nullable String> with(
            Map<String, @Nullable String> map, String key, @Nullable String value) {
        SequencedMap<String, @Nullable String> copy = new LinkedHashMap<>(map);
        copy.put(key, value);
        return copy;
    }
}
