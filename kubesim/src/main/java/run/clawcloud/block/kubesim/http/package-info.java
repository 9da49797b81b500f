/**
 * The API over HTTP/1.1. A request is read into a {@link run.clawcloud.block.kubesim.http.Call}: verb, type, namespace,
 * name, subresource; counted; perhaps struck by a fault that was ordered; then answered by the handler for its verb.
 * Answers are JSON; bodies may be YAML or, of some types, protobuf too. What a request means is decided in {@code api};
 * here is only how it is spelled.
 */
@NullMarked
package run.clawcloud.block.kubesim.http;

import org.jspecify.annotations.NullMarked;
