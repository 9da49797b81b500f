/**
 * Custom resources: {@link run.clawcloud.block.kubesim.crd.Definitions} follows the CustomResourceDefinitions in the
 * cluster and serves what they define; {@code DefinitionRules} says what a definition must be like, {@code CustomRules}
 * what its objects must: pruning, defaults, the schema, list types and rules in CEL, with the words of kube-apiserver
 * 1.32. A {@code Schema} is read once and asked by all of them. The library for CEL is loaded by the first definition
 * that has rules.
 *
 * <p>Objects are checked by the version in which they are stored; between versions nothing is converted but
 * {@code apiVersion}, and defaults come when an object is written, not when it is read. Not here: the scale
 * subresource, {@code selectableFields}, conversion webhooks, and the estimate of what a rule may cost.
 */
@NullMarked
package run.clawcloud.block.kubesim.crd;

import org.jspecify.annotations.NullMarked;
