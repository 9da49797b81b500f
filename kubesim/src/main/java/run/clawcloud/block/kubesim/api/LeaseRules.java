package run.clawcloud.block.kubesim.api;

import tools.jackson.databind.JsonNode;

/**
 * What is refused of a Lease. Rules and words are those of ValidateLeaseSpec in
 * k8s.io/kubernetes/pkg/apis/coordination/validation/validation.go.
 */
final class LeaseRules {

    private LeaseRules() {}

    static void check(JsonNode spec, FieldErrors errors) {
        if (spec.path("leaseDurationSeconds").asLong(1) <= 0) {
            errors.invalid("spec.leaseDurationSeconds", spec.path("leaseDurationSeconds"), "must be greater than 0");
        }
        if (spec.path("leaseTransitions").asLong(0) < 0) {
            errors.invalid(
                    "spec.leaseTransitions", spec.path("leaseTransitions"), "must be greater than or equal to 0");
        }
    }
}
