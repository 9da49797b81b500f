/**
 * The one door to the API server. {@link run.clawcloud.block.cluster.ApiServer} sends every request of the program,
 * counts it by verb and resource, waits where the server asks to, and turns a refusal into an
 * {@link run.clawcloud.block.kube.ApiException} that says what was asked.
 * {@link run.clawcloud.block.cluster.KubeListWatch} and {@link run.clawcloud.block.cluster.KubeCluster} dress that as
 * what the feed and the flows ask for. Bodies are read and written field by field. Connection, TLS and credentials are
 * the fabric8 client's. No policy lives here.
 */
@NullMarked
package run.clawcloud.block.cluster;

import org.jspecify.annotations.NullMarked;
