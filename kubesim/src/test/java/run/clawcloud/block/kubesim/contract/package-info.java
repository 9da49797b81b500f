/**
 * What the controller relies on of a Kubernetes API server, each sentence a test. The tests run against kubesim, which
 * the first of them starts, and with {@code -Dkubeconfig=FILE} against any other cluster, in namespaces that they make
 * and remove; needed there are the right to do so, kube-controller-manager, and for the DaemonSets a node. In go raw
 * requests, out come raw answers: {@link run.clawcloud.block.kubesim.contract.Api} hides no status code, header or
 * line. Where a kube-apiserver answers otherwise than kubesim, it is right.
 */
@NullMarked
package run.clawcloud.block.kubesim.contract;

import org.jspecify.annotations.NullMarked;
