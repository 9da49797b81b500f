package run.clawcloud.block.kubesim.api;

import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;

/**
 * One version of a type that a CustomResourceDefinition defines.
 *
 * @param type as it is asked for
 * @param stored the version in which its objects rest
 * @param rules of this version
 * @param version the entry of {@code spec.versions}: its schema and its printer columns
 * @param terminating whether its definition is being deleted: no object can come any more
 */
public record CustomType(
        ResourceType type, ResourceType stored, ObjectRules rules, JsonNode version, boolean terminating) {}
