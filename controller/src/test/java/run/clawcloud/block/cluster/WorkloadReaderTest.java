package run.clawcloud.block.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static run.clawcloud.block.feed.Documents.elements;
import static run.clawcloud.block.feed.Documents.fields;
import static run.clawcloud.block.feed.Documents.isTrue;
import static run.clawcloud.block.feed.Documents.number;
import static run.clawcloud.block.feed.Documents.text;
import static run.clawcloud.block.feed.Documents.textOrEmpty;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.feed.Documents;
import run.clawcloud.block.namespace.Pod;
import run.clawcloud.block.namespace.Workload;
import run.clawcloud.block.namespace.WorkloadKind;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Workloads and pods against the tree of another parser. On what is read here depends what an unlock restores. */
class WorkloadReaderTest {

    private static final String DOCUMENT = """
        {
          "apiVersion": "apps/v1",
          "kind": "Thing",
          "metadata": {
            "annotations": {
              "core.clawcloud.run/original-replicas": "7",
              "core.clawcloud.run/original-suspend": "false",
              "kubernetes.io/config.mirror": "abc",
              "note": "z\u00e4h \\"\u4e16\\ud83d\\ude80\\\\"
            },
            "generation": 4,
            "managedFields": [{"fieldsV1": {"f:spec": {"f:replicas": {}}}}],
            "name": "web",
            "namespace": "tenant-1",
            "ownerReferences": [
              {"apiVersion": "v1", "kind": "Node", "name": "n"},
              {"apiVersion": "apps/v1", "controller": true, "kind": "Deployment", "name": "web"}
            ],
            "resourceVersion": "99",
            "uid": "u"
          },
          "spec": {"replicas": 3, "suspend": true, "template": {"spec": {"replicas": 99}}},
          "status": {
            "conditions": [{"status": "False", "type": "Failed"}, {"status": "True", "type": "Complete"}],
            "observedGeneration": 3,
            "phase": "Running"
          }
        }
        """;

    @ParameterizedTest
    @EnumSource(names = {"REPLICA_SET", "JOB"})
    void aWorkloadAgreesWithATreeHoweverTheDocumentIsChanged(WorkloadKind kind) {
        Documents.assertAgreeWhenMutated(
                11,
                10_000,
                DOCUMENT,
                parser -> WorkloadReader.workload(kind, parser),
                tree -> workloadByTree(kind, tree));
    }

    @Test
    void aWorkloadAgreesWithATreeWhateverBytesAreChanged() {
        Documents.assertAgreeWhenDamaged(
                12,
                10_000,
                DOCUMENT,
                parser -> WorkloadReader.workload(WorkloadKind.REPLICA_SET, parser),
                tree -> workloadByTree(WorkloadKind.REPLICA_SET, tree));
    }

    @Test
    void aPodAgreesWithATreeHoweverTheDocumentIsChanged() {
        Documents.assertAgreeWhenMutated(13, 10_000, DOCUMENT, WorkloadReader::pod, WorkloadReaderTest::podByTree);
        Documents.assertAgreeWhenDamaged(14, 10_000, DOCUMENT, WorkloadReader::pod, WorkloadReaderTest::podByTree);
    }

    @Test
    void aDocumentThatIsCutReadsTheSameOrIsAClearError() {
        Documents.assertWholeOrNothing(DOCUMENT, parser -> WorkloadReader.workload(WorkloadKind.JOB, parser));
        Documents.assertWholeOrNothing(DOCUMENT, WorkloadReader::pod);
    }

    /** Noted as what they are not, they would be restored so. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "\"3\"", "\"three\"", "3.5", "true", "5000000000", "1e400"})
    void replicasThatAreNoNumberAreAnError(String replicas) {
        byte[] document = ("{\"spec\":{\"replicas\":" + replicas + "}}").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() ->
                        Documents.decode(document, parser -> WorkloadReader.workload(WorkloadKind.DEPLOYMENT, parser)))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void whatIsHugeIsSkipped() {
        String huge = DOCUMENT.replace(
                "{\"f:replicas\": {}}", "{" + "\"f:x\": {\"f:y\": {}},".repeat(80_000) + "\"f:z\": {}}");

        assertThat(huge).hasSizeGreaterThan(1_500_000);
        assertThat(read(huge)).isEqualTo(read(DOCUMENT));
    }

    private static Workload read(String document) {
        return Documents.decode(
                document.getBytes(StandardCharsets.UTF_8),
                parser -> WorkloadReader.workload(WorkloadKind.REPLICA_SET, parser));
    }

    /** What decides, whichever kind it is of. */
    private record Common(
            Map<String, JsonNode> metadata,
            Map<String, JsonNode> annotations,
            Pod.@Nullable Controller controller,
            int replicas,
            boolean suspended,
            boolean finished,
            boolean terminating,
            boolean unobserved) {

        static Common of(JsonNode tree, String note) {
            Map<String, JsonNode> root = fields(tree);
            Map<String, JsonNode> metadata = fields(root.get("metadata"));
            Map<String, JsonNode> annotations = fields(metadata.get("annotations"));
            text(annotations.get(note));
            text(annotations.get("kubernetes.io/config.mirror"));
            Map<String, JsonNode> spec = fields(root.get("spec"));
            Map<String, JsonNode> status = fields(root.get("status"));
            long replicas = number(spec.get("replicas"), 1);
            if (replicas != (int) replicas) {
                throw new Documents.WrongShape();
            }
            String phase = textOrEmpty(status.get("phase"));
            boolean finished = phase.equals("Succeeded") || phase.equals("Failed");
            for (JsonNode each : elements(status.get("conditions"))) {
                Map<String, JsonNode> condition = fields(each);
                String type = textOrEmpty(condition.get("type"));
                finished |= textOrEmpty(condition.get("status")).equals("True")
                        && (type.equals("Complete") || type.equals("Failed"));
            }
            return new Common(
                    metadata,
                    annotations,
                    controller(metadata),
                    (int) replicas,
                    isTrue(spec.get("suspend")),
                    finished,
                    text(metadata.get("deletionTimestamp")) != null,
                    number(status.get("observedGeneration"), 0) < number(metadata.get("generation"), 0));
        }

        private static Pod.@Nullable Controller controller(Map<String, JsonNode> metadata) {
            Pod.@Nullable Controller controller = null;
            for (JsonNode each : elements(metadata.get("ownerReferences"))) {
                Map<String, JsonNode> owner = fields(each);
                String[] version = textOrEmpty(owner.get("apiVersion")).split("/", 2);
                String kind = textOrEmpty(owner.get("kind"));
                if (isTrue(owner.get("controller"))) {
                    controller = new Pod.Controller(version.length == 2 ? version[0] : "", kind);
                }
            }
            return controller;
        }

        String named(String field) {
            return textOrEmpty(metadata.get(field));
        }
    }

    private static Workload workloadByTree(WorkloadKind kind, JsonNode tree) {
        Common common = Common.of(tree, kind.knob().annotation());
        return new Workload(
                kind,
                common.named("namespace"),
                common.named("name"),
                common.named("uid"),
                common.named("resourceVersion"),
                common.replicas(),
                common.suspended(),
                text(common.annotations().get(kind.knob().annotation())),
                common.finished(),
                new Pod.Controller("apps", "Deployment").equals(common.controller()),
                common.unobserved());
    }

    private static Pod podByTree(JsonNode tree) {
        Common common = Common.of(tree, "");
        common.named("resourceVersion");
        return new Pod(
                common.named("namespace"),
                common.named("name"),
                common.named("uid"),
                common.controller(),
                text(common.annotations().get("kubernetes.io/config.mirror")) != null,
                common.finished(),
                common.terminating());
    }
}
