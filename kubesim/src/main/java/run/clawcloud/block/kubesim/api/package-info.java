/**
 * What requests mean: defaults, validation, admission, generation, finalizers, deletion, subresources, patches,
 * selectors, errors. {@link run.clawcloud.block.kubesim.api.ClusterApi} is the one way to the store, for HTTP and for
 * controllers alike; what HTTP can't do, a controller can't.
 *
 * <p>A controller reads with {@code find} and {@code list}, writes with {@code create}, {@code modify} and
 * {@code delete}, and hears of changes through {@code watch}, whose listener runs on the writing thread: it notes the
 * key of what is to be looked at and returns. {@code modify} reads, applies a function to the tree and writes, again
 * until no other write came between; when the function changes nothing, nothing is written. Objects that stood there
 * from the start cause no event. What the API refuses is an {@link run.clawcloud.block.kubesim.api.ApiException} with a
 * Status. Which types there are, {@link run.clawcloud.block.kubesim.api.ResourceTypes} knows; those that are not built
 * in bring their {@link run.clawcloud.block.kubesim.api.ObjectRules}. Pods that have a node are taken down and brought
 * up by {@code KubeSim}'s kubelet, not by a controller.
 */
@NullMarked
package run.clawcloud.block.kubesim.api;

import org.jspecify.annotations.NullMarked;
