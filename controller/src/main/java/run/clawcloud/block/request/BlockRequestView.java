package run.clawcloud.block.request;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.LabelSelector;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.ResourceVersion;
import run.clawcloud.block.state.NameList;
import tools.jackson.core.JsonParser;

/**
 * A BlockRequest as the API server told it.
 *
 * @param generation rises with each change of the spec
 * @param deleting deletion has begun; the request stays until it has no finalizer
 */
public record BlockRequestView(
        String namespace,
        String name,
        String uid,
        long resourceVersion,
        long generation,
        boolean deleting,
        List<String> finalizers,
        BlockRequestSpec spec,
        BlockRequestStatus status) {

    public BlockRequestView {
        finalizers = List.copyOf(finalizers);
    }

    /** {@code <namespace>/<name>}, as the held-by annotation says it. */
    public String key() {
        return namespace + "/" + name;
    }

    boolean asksForLock() {
        return spec.action().equals(Names.LOCKED);
    }

    boolean asksForRelease() {
        return spec.action().equals(Names.ACTIVE);
    }

    /** Whether it keeps its namespaces locked. */
    boolean holds() {
        return asksForLock() && !deleting;
    }

    /** Whether it wants the same of its namespaces as this view of the same generation. */
    boolean sameWish(BlockRequestView other) {
        return deleting == other.deleting && hasFinalizer() == other.hasFinalizer();
    }

    /** Whether its status says that all of it, in this generation, was done. */
    boolean wasCarriedOut() {
        return status.ready()
                .filter(ready -> ready.observedGeneration() == generation
                        && !ready.reason().equals(BlockRequestStatus.PROGRESSING)
                        && !ready.reason().equals(BlockRequestStatus.NOT_ALLOWED))
                .isPresent();
    }

    /** Whether it is the controller's to let it go. */
    boolean hasFinalizer() {
        return finalizers.contains(Names.FINALIZER);
    }

    /** Without the names of namespaces, which may be very many. */
    BlockRequestView withoutNames() {
        return withSelectorAlone(spec.selector());
    }

    /** For no namespace at all. */
    BlockRequestView withoutTargets() {
        return withSelectorAlone(null);
    }

    private BlockRequestView withSelectorAlone(@Nullable LabelSelector selector) {
        return new BlockRequestView(
                namespace,
                name,
                uid,
                resourceVersion,
                generation,
                deleting,
                finalizers,
                new BlockRequestSpec(
                        new NameList(), selector, spec.action(), spec.reason(), spec.lockDuration(), spec.faults()),
                status);
    }

    /** Reads the BlockRequest that the parser stands at and leaves the parser at its end. */
    public static BlockRequestView read(JsonParser parser) {
        Reading reading = new Reading();
        Json.fields(parser, reading::field);
        return reading.view();
    }

    private static final class Reading {
        private String namespace = "";
        private String name = "";
        private String uid = "";
        private long resourceVersion;
        private long generation;
        private boolean deleting;
        private final List<String> finalizers = new ArrayList<>();
        private BlockRequestSpec spec =
                new BlockRequestSpec(new NameList(), null, "", null, null, List.of("spec: there is none"));
        private BlockRequestStatus status = BlockRequestStatus.NONE;

        private BlockRequestView view() {
            return new BlockRequestView(
                    namespace, name, uid, resourceVersion, generation, deleting, finalizers, spec, status);
        }

        private void field(String field, JsonParser value) {
            switch (field) {
                case "metadata" -> Json.fields(value, this::metadata);
                case "spec" -> spec = BlockRequestSpec.read(value);
                case "status" -> status = StatusJson.read(value);
                default -> value.skipChildren();
            }
        }

        private void metadata(String field, JsonParser value) {
            switch (field) {
                case "namespace" -> namespace = Json.textOrEmpty(value);
                case "name" -> name = Json.textOrEmpty(value);
                case "uid" -> uid = Json.textOrEmpty(value);
                case "resourceVersion" -> resourceVersion = ResourceVersion.read(value);
                case "generation" -> generation = Json.number(value, 0);
                case "deletionTimestamp" -> deleting = Json.text(value) != null;
                case "finalizers" -> Json.elements(value, () -> finalizers.add(Json.textOrEmpty(value)));
                default -> value.skipChildren();
            }
        }
    }
}
