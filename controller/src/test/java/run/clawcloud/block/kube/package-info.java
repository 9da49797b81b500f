/** Tests of the vocabulary of the Kubernetes API. */
@NullMarked
package run.clawcloud.block.kube;

import org.jspecify.annotations.NullMarked;
