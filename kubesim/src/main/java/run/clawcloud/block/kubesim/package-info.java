/**
 * kubesim: a small, fast, faithful part of the Kubernetes API in one process, over real HTTP, for the demo, the tests
 * and the benchmarks. {@code KubeSim.start} embeds it in a test, {@code simulate} runs it as a process. In come HTTP
 * requests; out go the answers that a kube-apiserver would give. What it does not know is 404; it claims no more than
 * it does. Requests enter through {@code http}, take their meaning in {@code api}, rest in {@code store}; {@code crd}
 * serves the types that CustomResourceDefinitions define; {@code seed} makes the tenants that stand there from the
 * start.
 */
@NullMarked
package run.clawcloud.block.kubesim;

import org.jspecify.annotations.NullMarked;
