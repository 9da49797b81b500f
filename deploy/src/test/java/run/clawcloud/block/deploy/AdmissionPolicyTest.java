package run.clawcloud.block.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.deploy.Admission.CONTROLLER;
import static run.clawcloud.block.deploy.Admission.creation;
import static run.clawcloud.block.deploy.Admission.update;
import static run.clawcloud.block.deploy.Plain.object;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the admission policies refuse and what they let pass, by evaluating their own expressions. */
class AdmissionPolicyTest {

    private static final String DEPLOYMENT_CONTROLLER = "system:serviceaccount:kube-system:deployment-controller";
    private static final String COLLECTOR = "system:serviceaccount:kube-system:generic-garbage-collector";

    private static final Map<String, Object> LOCKED = object("""
            metadata:
              name: acme
              labels: {kubernetes.io/metadata.name: acme, clawcloud.run/status: locked, core.clawcloud.run/applied: locked}
              annotations:
                clawcloud.run/unlock-timestamp: 2099-01-01T00:00:00Z
                core.clawcloud.run/lock-reason: |-
                  the last invoice
                  is overdue
            """);
    private static final Map<String, Object> ACTIVE = object("""
            metadata:
              name: acme
              labels: {kubernetes.io/metadata.name: acme, clawcloud.run/status: active}
            """);
    private static final String IS_LOCKED =
            "namespace acme is locked until 2099-01-01T00:00:00Z (the last invoice is overdue): ";

    private static List<Policy> policies = List.of();

    @BeforeAll
    static void read() {
        policies = Chart.objects(Chart.render(Map.of("admissionPolicies.enabled", true))).stream()
                .filter(each -> each.path("kind").asString("").equals("ValidatingAdmissionPolicy"))
                .map(Policy::new)
                .toList();
        assertThat(policies).hasSize(3);
    }

    private static Optional<String> refusal(Admission admission) {
        return policies.stream()
                .flatMap(policy -> policy.refusal(admission).stream())
                .findFirst();
    }

    private static Map<String, Object> replicas(int replicas) {
        return object("{metadata: {name: web}, spec: {replicas: %d}}".formatted(replicas));
    }

    private static Map<String, Object> suspended(boolean suspend) {
        return object("{metadata: {name: report}, spec: {suspend: %s}}".formatted(suspend));
    }

    private static Map<String, Object> noted(String key, String value) {
        return object("{metadata: {name: web, annotations: {%s: '%s'}}, spec: {}}".formatted(key, value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pods",
                "deployments",
                "statefulsets",
                "replicasets",
                "daemonsets",
                "replicationcontrollers",
                "jobs",
                "cronjobs"
            })
    void nothingThatRunsIsCreatedInALockedNamespace(String resource) {
        Admission creation = creation(resource, LOCKED, replicas(1));
        assertThat(refusal(creation)).hasValue(IS_LOCKED + "nothing is created in it that runs");
        assertThat(refusal(creation.by("root", "system:masters"))).isPresent();
        assertThat(refusal(creation.by(CONTROLLER))).isEmpty();
        assertThat(refusal(creation(resource, ACTIVE, replicas(1)))).isEmpty();
    }

    @Test
    void aLockWithoutReasonAndEndIsNamedAllTheSame() {
        Map<String, Object> locked = object("{metadata: {name: acme, labels: {clawcloud.run/status: locked}}}");
        assertThat(refusal(creation("pods", locked, replicas(0))))
                .hasValue("namespace acme is locked: nothing is created in it that runs");
    }

    @Test
    void theMirrorOfAStaticPodIsLetIn() {
        assertThat(refusal(creation("pods", LOCKED, replicas(0)).by("system:node:n1", "system:nodes")))
                .isEmpty();
    }

    @Test
    void aChangedTemplateGetsItsReplicaSetAtRest() {
        assertThat(refusal(creation("replicasets", LOCKED, replicas(0)).by(DEPLOYMENT_CONTROLLER)))
                .isEmpty();
        assertThat(refusal(creation("replicasets", LOCKED, replicas(1)).by(DEPLOYMENT_CONTROLLER)))
                .isPresent();
        assertThat(refusal(creation("replicasets", LOCKED, replicas(0)))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deployments", "statefulsets", "replicasets", "replicationcontrollers"})
    void nothingIsScaledUpInALockedNamespace(String resource) {
        Map<String, Object> absent = object("{metadata: {name: web}, spec: {}}");
        Admission up = update(resource, LOCKED, replicas(0), replicas(2));
        assertThat(refusal(up)).hasValue(IS_LOCKED + "nothing is scaled up in it");
        assertThat(refusal(up.on("scale"))).hasValue(IS_LOCKED + "nothing is scaled up in it");
        assertThat(refusal(up.by(CONTROLLER))).isEmpty();
        assertThat(refusal(up.on("status"))).isEmpty();
        assertThat(refusal(update(resource, ACTIVE, replicas(0), replicas(2)))).isEmpty();
        assertThat(refusal(update(resource, LOCKED, replicas(2), replicas(0)))).isEmpty();
        assertThat(refusal(update(resource, LOCKED, replicas(2), replicas(2)).by(COLLECTOR)))
                .isEmpty();
        assertThat(refusal(update(resource, LOCKED, replicas(0), absent))).isPresent();
        assertThat(refusal(update(resource, LOCKED, replicas(0), absent).on("scale")))
                .isEmpty();
        assertThat(refusal(update(resource, LOCKED, absent, replicas(1)).on("scale")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs", "cronjobs"})
    void nothingIsResumedInALockedNamespace(String resource) {
        Map<String, Object> absent = object("{metadata: {name: report}, spec: {}}");
        Admission resumed = update(resource, LOCKED, suspended(true), suspended(false));
        assertThat(refusal(resumed)).hasValue(IS_LOCKED + "nothing is resumed in it");
        assertThat(refusal(update(resource, LOCKED, suspended(true), absent))).isPresent();
        assertThat(refusal(resumed.by(CONTROLLER))).isEmpty();
        assertThat(refusal(update(resource, LOCKED, suspended(true), suspended(true))))
                .isEmpty();
        assertThat(refusal(update(resource, LOCKED, absent, suspended(true)))).isEmpty();
        assertThat(refusal(update(resource, ACTIVE, suspended(true), suspended(false))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-system", "kube-public", "kube-node-lease", Chart.NAMESPACE})
    void whatIsNeverLockedIsNotClosedByALabelEither(String name) {
        Map<String, Object> namespace = object("""
                metadata:
                  name: %1$s
                  labels: {kubernetes.io/metadata.name: %1$s, clawcloud.run/status: locked}
                """.formatted(name));
        assertThat(refusal(creation("pods", namespace, replicas(0)))).isEmpty();
        assertThat(refusal(update("deployments", namespace, replicas(0), replicas(1))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"core.clawcloud.run/original-replicas, deployments", "core.clawcloud.run/original-suspend, cronjobs"})
    void nobodyElseChangesTheNotesOnWorkloads(String key, String resource) {
        Map<String, Object> none = object("{metadata: {name: web}, spec: {}}");
        Admission changed = update(resource, ACTIVE, noted(key, "2"), noted(key, "9"));
        assertThat(refusal(changed))
                .hasValue("tess may not change " + key
                        + " of acme/web: the controller of locks notes there what an unlock restores");
        assertThat(refusal(changed.on("status"))).isPresent();
        assertThat(refusal(update(resource, ACTIVE, noted(key, "2"), none))).isPresent();
        assertThat(refusal(update(resource, ACTIVE, none, noted(key, "2")))).isPresent();
        assertThat(refusal(creation(resource, ACTIVE, noted(key, "2")))).isPresent();
        assertThat(refusal(changed.by(CONTROLLER))).isEmpty();
        assertThat(refusal(changed.by("root", "system:masters"))).isEmpty();
        assertThat(refusal(update(resource, ACTIVE, noted(key, "2"), noted(key, "2"))))
                .isEmpty();
        assertThat(refusal(update(resource, ACTIVE, none, none))).isEmpty();
    }

    @Test
    void theDeploymentControllerCopiesNotesToReplicaSetsAndNowhereElse() {
        Map<String, Object> noted = noted("core.clawcloud.run/original-replicas", "2");
        assertThat(refusal(creation("replicasets", ACTIVE, noted).by(DEPLOYMENT_CONTROLLER)))
                .isEmpty();
        assertThat(refusal(creation("deployments", ACTIVE, noted).by(DEPLOYMENT_CONTROLLER)))
                .isPresent();
    }

    @Test
    void onlyTheNamedLockAndUnlock() {
        Admission unlock = update("namespaces", LOCKED, LOCKED, ACTIVE);
        assertThat(refusal(unlock))
                .isPresent()
                .get()
                .asString()
                .contains("tess may not change clawcloud.run/status, ")
                .endsWith(
                        " of namespace acme, which is locked until 2099-01-01T00:00:00Z (the last invoice is overdue)");
        assertThat(refusal(unlock.on("status"))).isPresent();
        assertThat(refusal(unlock.on("finalize"))).isPresent();
        assertThat(refusal(unlock.by("root", "system:masters"))).isEmpty();
        assertThat(refusal(unlock.by(CONTROLLER))).isEmpty();
        assertThat(refusal(update("namespaces", ACTIVE, ACTIVE, LOCKED))).isPresent();
        assertThat(refusal(creation("namespaces", ACTIVE, ACTIVE))).isPresent();
        assertThat(refusal(update("namespaces", LOCKED, LOCKED, LOCKED))).isEmpty();
        assertThat(refusal(creation("namespaces", ACTIVE, object("{metadata: {name: acme}}"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "labels: {core.clawcloud.run/applied: locked}",
                "annotations: {core.clawcloud.run/held-by: default/overdue}",
                "annotations: {core.clawcloud.run/locked-at: '2026-01-01T00:00:00Z'}",
                "annotations: {clawcloud.run/unlock-timestamp: '2026-01-01T00:00:00Z'}",
                "annotations: {core.clawcloud.run/lock-duration: permanent}",
                "annotations: {core.clawcloud.run/original-lock-reason: none}",
                "annotations: {core.clawcloud.run/original-lock-duration: 1h}"
            })
    void onlyTheNamedChangeWhatALockHangsOn(String mark) {
        Map<String, Object> plain = object("{metadata: {name: acme}}");
        Map<String, Object> marked = object("{metadata: {name: acme, %s}}".formatted(mark));
        assertThat(refusal(update("namespaces", plain, plain, marked))).isPresent();
        assertThat(refusal(update("namespaces", plain, marked, plain))).isPresent();
        assertThat(refusal(update("namespaces", plain, plain, marked).by("root", "system:masters")))
                .isEmpty();
    }

    /** A lock that is to end in a minute deletes, and one without an end never does. */
    @Test
    void onlyTheNamedSayHowLongALockLastsAlsoBeforeThereIsOne() {
        Map<String, Object> plain = object("{metadata: {name: acme}}");
        Map<String, Object> shortened = lasting("1m");
        String refused = "tess may not change core.clawcloud.run/lock-duration of namespace acme";
        assertThat(refusal(update("namespaces", plain, plain, shortened))).hasValue(refused);
        assertThat(refusal(update("namespaces", plain, lasting("7d"), shortened)))
                .hasValue(refused);
        assertThat(refusal(update("namespaces", plain, plain, shortened).on("status")))
                .hasValue(refused);
        assertThat(refusal(creation("namespaces", plain, shortened))).hasValue(refused);
        assertThat(refusal(creation("namespaces", plain, shortened).by(CONTROLLER)))
                .isEmpty();
        assertThat(refusal(update("namespaces", plain, shortened, shortened))).isEmpty();
    }

    private static Map<String, Object> lasting(String length) {
        return object(
                "{metadata: {name: acme, annotations: {core.clawcloud.run/lock-duration: %s}}}".formatted(length));
    }

    @Test
    void theOwnersOfANamespaceSayWhy() {
        Map<String, Object> plain = object("{metadata: {name: acme}}");
        Map<String, Object> said = object(
                "{metadata: {name: acme, labels: {team: a}, annotations: {core.clawcloud.run/lock-reason: a test}}}");
        assertThat(refusal(update("namespaces", plain, plain, said))).isEmpty();
    }

    @Test
    void theStatusHasTwoValues() {
        Map<String, Object> frozen = object("{metadata: {name: acme, labels: {clawcloud.run/status: frozen}}}");
        Map<String, Object> more = object("{metadata: {name: acme, labels: {clawcloud.run/status: frozen, team: a}}}");
        String message = "the label clawcloud.run/status is 'locked' or 'active', not 'frozen'";
        assertThat(refusal(update("namespaces", ACTIVE, ACTIVE, frozen).by("root", "system:masters")))
                .hasValue(message);
        assertThat(refusal(creation("namespaces", frozen, frozen).by(CONTROLLER)))
                .hasValue(message);
        // What stood there before the policy can still be changed otherwise, and be deleted.
        assertThat(refusal(update("namespaces", frozen, frozen, more))).isEmpty();
    }
}
