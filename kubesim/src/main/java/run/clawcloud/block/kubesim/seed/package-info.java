/**
 * The tenants that stand in the cluster from the start: namespaces with ordinary labels, and in each the same ordinary
 * workloads. One object of each sort is made by the API in a scratch store, once; it becomes a
 * {@link run.clawcloud.block.kubesim.seed.Template}, and every tenant's object is that template with its namespace, uid
 * and resourceVersion filled in when it is read. So a million tenants start in a second and take room only where they
 * change.
 */
@NullMarked
package run.clawcloud.block.kubesim.seed;

import org.jspecify.annotations.NullMarked;
