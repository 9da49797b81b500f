/**
 * What an installation consists of: the chart, and what is made of it for kustomize. The chart is rendered by Helm's
 * own library; the admission policies are evaluated on requests, as an API server would.
 */
@NullMarked
package run.clawcloud.block.deploy;

import org.jspecify.annotations.NullMarked;
