package run.clawcloud.block.cluster;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.namespace.Pod;
import run.clawcloud.block.namespace.Workload;
import run.clawcloud.block.namespace.WorkloadKind;
import tools.jackson.core.JsonParser;

/** Reads the few fields of one workload or pod that matter, and skips the rest. Fields come in any order. */
final class WorkloadReader {

    /** Set by the kubelet on the pods that it makes from files on its node. */
    private static final String MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

    private final String noteAnnotation;

    private String namespace = "";
    private String name = "";
    private String uid = "";
    private String resourceVersion = "";
    private Pod.@Nullable Controller controller;
    private @Nullable String note;
    private boolean mirror;
    private boolean terminating;
    private int replicas = 1;
    private boolean suspended;
    private boolean finished;
    private long generation;
    private long observedGeneration;

    private WorkloadReader(String noteAnnotation) {
        this.noteAnnotation = noteAnnotation;
    }

    /** Reads the workload that the parser stands at and leaves the parser at its end. */
    static Workload workload(WorkloadKind kind, JsonParser parser) {
        WorkloadReader reader = new WorkloadReader(kind.knob().annotation());
        Json.fields(parser, reader::object);
        return new Workload(
                kind,
                reader.namespace,
                reader.name,
                reader.uid,
                reader.resourceVersion,
                reader.replicas,
                reader.suspended,
                reader.note,
                reader.finished,
                new Pod.Controller("apps", "Deployment").equals(reader.controller),
                reader.observedGeneration < reader.generation);
    }

    /** Reads the pod that the parser stands at and leaves the parser at its end. */
    static Pod pod(JsonParser parser) {
        WorkloadReader reader = new WorkloadReader("");
        Json.fields(parser, reader::object);
        return new Pod(
                reader.namespace,
                reader.name,
                reader.uid,
                reader.controller,
                reader.mirror,
                reader.finished,
                reader.terminating);
    }

    private void object(String field, JsonParser value) {
        switch (field) {
            case "metadata" -> Json.fields(value, this::metadata);
            case "spec" -> Json.fields(value, this::spec);
            case "status" -> Json.fields(value, this::status);
            default -> value.skipChildren();
        }
    }

    private void metadata(String field, JsonParser value) {
        switch (field) {
            case "namespace" -> namespace = Json.textOrEmpty(value);
            case "name" -> name = Json.textOrEmpty(value);
            case "uid" -> uid = Json.textOrEmpty(value);
            case "resourceVersion" -> resourceVersion = Json.textOrEmpty(value);
            case "generation" -> generation = Json.number(value, 0);
            case "deletionTimestamp" -> terminating = Json.text(value) != null;
            case "annotations" -> Json.fields(value, this::annotation);
            case "ownerReferences" -> Json.elements(value, () -> owner(value));
            default -> value.skipChildren();
        }
    }

    private void annotation(String key, JsonParser value) {
        if (key.equals(noteAnnotation)) {
            note = Json.text(value);
        } else if (key.equals(MIRROR_ANNOTATION)) {
            mirror = Json.text(value) != null;
        } else {
            value.skipChildren();
        }
    }

    private void owner(JsonParser parser) {
        String[] texts = {"", ""};
        boolean[] controls = {false};
        Json.fields(parser, (field, value) -> {
            switch (field) {
                case "apiVersion" -> texts[0] = Json.textOrEmpty(value);
                case "kind" -> texts[1] = Json.textOrEmpty(value);
                case "controller" -> controls[0] = Json.isTrue(value);
                default -> value.skipChildren();
            }
        });
        if (controls[0]) {
            int slash = texts[0].indexOf('/');
            controller = new Pod.Controller(slash < 0 ? "" : texts[0].substring(0, slash), texts[1]);
        }
    }

    private void spec(String field, JsonParser value) {
        switch (field) {
            case "replicas" -> replicas = Json.intNumber(value, 1);
            case "suspend" -> suspended = Json.isTrue(value);
            default -> value.skipChildren();
        }
    }

    private void status(String field, JsonParser value) {
        switch (field) {
            case "phase" -> {
                String phase = Json.textOrEmpty(value);
                finished |= phase.equals("Succeeded") || phase.equals("Failed");
            }
            case "observedGeneration" -> observedGeneration = Json.number(value, 0);
            case "conditions" -> Json.elements(value, () -> condition(value));
            default -> value.skipChildren();
        }
    }

    private void condition(JsonParser parser) {
        String[] texts = {"", ""};
        Json.fields(parser, (field, value) -> {
            switch (field) {
                case "type" -> texts[0] = Json.textOrEmpty(value);
                case "status" -> texts[1] = Json.textOrEmpty(value);
                default -> value.skipChildren();
            }
        });
        // Of a Job; no other kind that is read here has conditions of these names.
        finished |= texts[1].equals("True") && (texts[0].equals("Complete") || texts[0].equals("Failed"));
    }
}
